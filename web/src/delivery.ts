// What became of a bundle of unsent work, in words.

import type { DeliveredItem } from './generated/DeliveredItem';
import type { Delivery } from './generated/Delivery';
import type { Words } from './phone/words/en';

type Reason = Exclude<keyof Words['unsent']['reason'], 'other'>;

const reasons: Partial<Record<string, Reason>> = {
  copy_key_gone: 'tooOld',
  copy_does_not_open: 'damaged',
  copy_version_unknown: 'appNewer',
  no_such_device: 'unknownPhone',
  not_yours: 'notYours',
  no_document: 'noVisit',
  no_such_visit: 'othersVisit',
  visit_expired: 'visitExpired',
  photo_key_gone: 'tooOld',
  photo_damaged: 'pictureDamaged',
  photo_does_not_open: 'damaged',
  photo_not_jpeg_or_png: 'notAPicture',
  photo_not_on_phone: 'pictureGone',
  record_too_large: 'tooLong',
  document_full: 'full',
  change_without_dependency: 'incomplete',
};

export function refusalReason({ unsent }: Words, code: string): string {
  const reason = reasons[code];
  return reason ? unsent.reason[reason] : unsent.reason.other(code);
}

function kindOf({ place }: DeliveredItem): 'photo' | 'answer' {
  return place.startsWith('evidence/') ? 'photo' : 'answer';
}

export function deliveryLines(words: Words, { name, whole, items }: Delivery): string[] {
  const { unsent } = words;
  const whose = name ? unsent.fromPhone(name) : unsent.fromFile;
  const tell = (outcome: DeliveredItem['outcome'], line: (whose: string, what: string) => string): string[] => {
    const some = items.filter((item) => item.outcome === outcome);
    if (some.length === 0) return [];
    const photos = some.filter((item) => kindOf(item) === 'photo').length;
    return [line(whose, unsent.things(photos, some.length - photos))];
  };
  const refused = new Map<string, number>();
  for (const { outcome, code } of items) {
    if (outcome === 'refused') refused.set(code ?? '', (refused.get(code ?? '') ?? 0) + 1);
  }
  const lines = [
    ...tell('taken', unsent.delivered),
    ...tell('already', unsent.hereAlready),
    ...[...refused].map(([code, n]) => unsent.thingsNotTaken(n, refusalReason(words, code))),
  ];
  if (!whole) lines.push(unsent.fileCut);
  return lines.length > 0 ? lines : [unsent.fileEmpty];
}
