/** A process, told apart from a later one with the same pid by the ticks since boot at which it was started. */
export interface ProcessIdentity {
  pid: number;
  start: string;
}
export interface HeldLock {
  release(): void;
}
export function startOf(pid: number): string;
export function isRunning(identity: ProcessIdentity): boolean;
export function tryLock(directory: string): HeldLock | { heldBy: number };
export function lock(
  directory: string,
  options?: { onWait?: (pid: number) => void; pollMs?: number },
): Promise<HeldLock>;
