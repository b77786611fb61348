// Signatures that are drawn and not saved: they outlive the screen, a turned phone and a locked one, and no page. A new
// version waits for them (`app.hold`); half a name is nothing to keep on the disk.

import type { Relation } from '../../generated/Relation';
import type { Stroke } from './strokes';

export interface Draft {
  strokes: readonly Stroke[];
  signer: string;
  relation: Relation;
}

const drafts = new Map<string, Draft>();

export function begun(appointment: string): Draft | null {
  return drafts.get(appointment) ?? null;
}

export function keep(appointment: string, draft: Draft): void {
  drafts.set(appointment, draft);
}

export function drop(appointment: string): void {
  drafts.delete(appointment);
}

/** Whoever signs in next is somebody else. */
export function dropAll(): void {
  drafts.clear();
}
