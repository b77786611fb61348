import type { Relation } from '../../../generated/Relation';
import type { UnsignedReason } from '../../../generated/UnsignedReason';

const relation: Record<Relation, string> = {
  buyer: 'The buyer',
  household: 'Somebody of the household',
  neighbour: 'A neighbour',
  representative: 'Somebody on the buyer’s behalf',
  other: 'Somebody else',
};

const unsigned: Record<UnsignedReason, string> = {
  refused: 'Did not want to sign',
  not_home: 'Nobody was there',
  cannot_sign: 'Could not sign',
};

/** Who accepts the work, and how. */
export const acceptance = {
  relation,
  unsigned,
  signature: 'Signature',
  optional: 'Signature, if somebody wants to sign',
  signHere: 'Sign here',
  who: 'Who signs',
  name: 'Their name',
  clear: 'Clear',
  save: 'Save signature',
  again: 'Sign again',
  tooLittle: 'That is only a dot. Sign with a whole line.',
  nobody: 'Nobody signs',
  notNow: 'Not now',
  signedAt: (who: string, time: string) => `${who}, ${time}`,
};
