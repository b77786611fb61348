// How much room the browser gives the phone's store, and whether it keeps it when the phone runs short.

/** From this share of the quota on somebody is told. */
const NEARLY_FULL = 0.7;

export interface Room {
  usedBytes: number;
  quotaBytes: number;
  nearlyFull: boolean;
  /** The browser has agreed not to clear the store by itself; `null` where it cannot be asked. */
  kept: boolean | null;
}

/** `null` where the browser does not say. */
export async function measure(): Promise<Room | null> {
  try {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    if (quota <= 0) return null;
    const kept = (await navigator.storage.persisted?.()) ?? null;
    return { usedBytes: usage, quotaBytes: quota, nearlyFull: usage / quota >= NEARLY_FULL, kept };
  } catch {
    // A private window may refuse to tell.
    return null;
  }
}

/** Asks the browser to keep the store; it decides by its own rules, sometimes with a question to the person. */
export async function askToKeep(): Promise<void> {
  try {
    await navigator.storage.persist?.();
  } catch {
    // Its answer is read by `measure`, which then says that it is not kept.
  }
}
