/** What the helpers need of a test: something that runs their clean-up when it ends. */
export interface Torn {
  teardown(clean: () => unknown): void;
}
