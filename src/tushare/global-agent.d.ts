/** global-agent 4.1.3 ships types that its "exports" doesn't name; this is the part that proxy.ts uses. */
declare module 'global-agent' {
  export function createGlobalProxyAgent(configuration: {
    environmentVariableNamespace: string;
    forceGlobalAgent: boolean;
  }): {
    HTTP_PROXY: string | null;
  };
}
