// What is being typed, chosen or drawn and is not recorded yet: kept with every change, sealed, each field by itself, so
// that a page that is ended in the middle goes on where it was. Read once when the phone is unlocked; what belongs to a
// visit that has left the phone goes with it.

import { associatedData } from './core';
import { openSealed, sealFor } from './sealing';
import type { Keeper, Store } from './store';

const PLACE = 'draft';

function placeOf(appointment: string, field: string): string {
  return `${PLACE}/${appointment}/${field}`;
}

export class Drafts {
  private readonly values = new Map<string, unknown>();
  /** Places whose value on the disk is another one. */
  private readonly stale = new Set<string>();
  private isWriting = false;

  constructor(
    private readonly store: Store,
    private readonly keeper: Keeper & { storeKey: string },
  ) {}

  /** What the page before this one left. What is not read now stays for the next page: nobody waits at the door for it. */
  async load(): Promise<void> {
    const { device, storeKey } = this.keeper;
    for (const place of await this.store.placesOf(device, PLACE, 'photos').catch(() => [])) {
      const sealed = await this.store.photo(device, place).catch(() => null);
      if (!sealed) continue;
      try {
        const plain = await openSealed(storeKey, associatedData(place), sealed);
        this.values.set(place, JSON.parse(new TextDecoder().decode(plain)));
      } catch {
        // It does not open with this key, so it is nobody's who is here.
        this.change(place, undefined);
      }
    }
  }

  /** What was begun, as it was kept, or `null`. A field keeps values of one type only. */
  begun<T>(appointment: string, field: string): T | null {
    return (this.values.get(placeOf(appointment, field)) ?? null) as T | null;
  }

  keep(appointment: string, field: string, value: unknown): void {
    this.change(placeOf(appointment, field), value);
  }

  /** It is recorded, or nobody wants it. */
  drop(appointment: string, field: string): void {
    const place = placeOf(appointment, field);
    if (this.values.has(place)) this.change(place, undefined);
  }

  /** Of visits that are no longer on the phone nothing stays. */
  retain(visits: ReadonlySet<string>): void {
    for (const place of this.values.keys()) {
      if (!visits.has(place.split('/')[1] ?? '')) this.change(place, undefined);
    }
  }

  private change(place: string, value: unknown): void {
    if (value === undefined) this.values.delete(place);
    else this.values.set(place, value);
    this.stale.add(place);
    if (!this.isWriting) void this.write();
  }

  /** One after the other, each as it is when its turn comes: who types fast is written less often, and ends up whole. */
  private async write(): Promise<void> {
    this.isWriting = true;
    const { device, storeKey } = this.keeper;
    for (const place of this.stale) {
      this.stale.delete(place);
      const value = this.values.get(place);
      try {
        if (value === undefined) {
          await this.store.commit(device, [], [place]);
        } else {
          const plain = new TextEncoder().encode(JSON.stringify(value));
          const sealed = await sealFor(storeKey, associatedData(place), plain);
          await this.store.commit(device, [], [], { pictures: [{ place, sealed }] });
        }
      } catch {
        // A store that takes nothing is said where something is recorded. In this page the draft is kept as ever.
      }
    }
    this.isWriting = false;
  }
}
