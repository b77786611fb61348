// What became of a bundle of unsent work, in words.

import type { DeliveredItem } from './generated/DeliveredItem';
import type { Delivery } from './generated/Delivery';
import { count } from './words';

const reasons: Partial<Record<string, string>> = {
  copy_key_gone: 'it is too old to be opened: the key of its day is destroyed',
  copy_does_not_open: 'it does not open; it may be damaged',
  copy_version_unknown: 'the app on the phone is newer than the server',
  no_such_device: 'this server does not know the phone it is from',
  not_yours: 'the visit was never this technician’s; what could be kept aside is',
  no_document: 'the server has no such visit',
  no_such_visit: 'the visit is not this technician’s',
  visit_expired: 'the time to keep this visit’s data is over',
  photo_key_gone: 'it is too old to be opened: the key of its day is destroyed',
  photo_damaged: 'the picture is damaged',
  photo_does_not_open: 'it does not open; it may be damaged',
  photo_not_jpeg_or_png: 'it is neither a JPEG nor a PNG picture',
  photo_not_on_phone: 'its picture is no longer on this phone',
  record_too_large: 'it is too long',
  document_full: 'there is no more room in the closeout of this visit',
  change_without_dependency: 'something recorded before it is missing',
};

export function refusalReason(code: string): string {
  return reasons[code] ?? `the server did not take it (${code})`;
}

function kindOf({ place }: DeliveredItem): 'photo' | 'answer' {
  return place.startsWith('evidence/') ? 'photo' : 'answer';
}

export function deliveryLines({ name, whole, items }: Delivery): string[] {
  const whose = name ? `From ${name}’s phone` : 'From this file';
  const tell = (outcome: DeliveredItem['outcome'], words: string): string[] => {
    const some = items.filter((item) => item.outcome === outcome);
    if (some.length === 0) return [];
    const photos = some.filter((item) => kindOf(item) === 'photo').length;
    const parts = [];
    if (photos > 0) parts.push(count(photos, 'photo', 'photos'));
    if (some.length > photos) parts.push(count(some.length - photos, 'answer', 'answers'));
    return [`${whose}: ${parts.join(' and ')} ${words}.`];
  };
  const refused = new Map<string, number>();
  for (const { outcome, code } of items) {
    if (outcome === 'refused') refused.set(code ?? '', (refused.get(code ?? '') ?? 0) + 1);
  }
  const lines = [
    ...tell('taken', 'delivered'),
    ...tell('already', 'were here already'),
    ...[...refused].map(([code, n]) => `${count(n, 'thing', 'things')} not taken: ${refusalReason(code)}.`),
  ];
  if (!whole) lines.push('The file ends in the middle. What came before that is delivered; get the whole file for the rest.');
  return lines.length > 0 ? lines : ['There is nothing in this file.'];
}
