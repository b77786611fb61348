import type { Rule } from '../../../generated/Rule';
import { counting } from '../counting';

const many = counting('en');

/** `place` is the step, question or photo that the rule is about, in its own words. */
const rule: Record<Rule, (place: string, amount: number) => string> = {
  job_closed: () => 'Amazon has closed this job. Call the office before any more work',
  appointment_moved: () => 'This visit was moved or cancelled at Amazon. Call the office',
  job_vanished: () => 'Amazon no longer shows this job. Call the office before any more work',
  moved_during_work: () => 'The visit was moved after the work had begun. The office decides whether what you recorded counts',
  visit_reassigned: () => 'Amazon has given this visit to somebody else. The office decides whether what you recorded counts',
  product_not_arrived: () => 'Amazon does not show the product as delivered yet',
  technician_unlinked: () => 'The office has not linked you at Amazon yet. You can go on; the office sees it',
  step_missing: (place) => `${place} is not recorded`,
  step_out_of_order: (place) => `${place} was recorded before the step it follows. Record it again`,
  answer_missing: (place) => `No answer yet: ${place}`,
  answer_unacceptable: (place) => `This answer keeps the job open: ${place}`,
  shot_missing: (place, amount) => `${many(amount, { one: '# photo', other: '# photos' })} to take: ${place}`,
  too_few_photos: (_, amount) => `${many(amount, { one: '# more photo', other: '# more photos' })} to take`,
  photo_too_large: (place) => `A photo is larger than Amazon takes: ${place}. Remove it and take it again`,
  photo_empty: (place) => `A photo has no content: ${place}. Remove it and take it again`,
  // The amount is the clock's, and has words of its own below.
  clock_off: (much) => `This phone's clock is ${much}. Times are corrected by the server's; nothing is lost`,
  conflict: (place) => `Two phones recorded different values: ${place}. Both are kept; check the one shown`,
  correction_in_future: (place) => `The time you gave lies in the future: ${place}. Correct it again`,
  correction_out_of_order: (place) => `With the times you gave, this comes before the step it follows: ${place}. Correct it again`,
  pause_open: () => 'A pause is still open. End it',
  crew_empty: () => 'Nobody is named as having been here. Say who was',
  crew_unlinked: () => 'Somebody who was here is not linked at Amazon yet. You can go on; the office sees it',
  signature_missing: () => 'The signature is missing. Have it signed, or say why not',
  signature_empty: () => 'The signature is empty. Have it signed again',
  serial_missing: (place) => `Serial number to take down: ${place}`,
  photo_dark: (place) => `A photo is very dark: ${place}. Take it again if you can`,
  photo_blurred: (place) => `A photo is blurred: ${place}. Take it again if you can`,
  photo_identical: (place) => `Two photos show the same: ${place}. Check that none is missing`,
  no_show_too_early: (_, amount) => `Wait ${many(amount, { one: '# more minute', other: '# more minutes' })} before you leave`,
  attempts_missing: (_, amount) => `Try to reach the buyer ${many(amount, { one: 'once more', other: '# more times' })}`,
  door_photo_missing: () => 'Take a photo of the door',
  reason_invalid: () => 'Amazon does not take this reason for this job. Choose another',
};

export const findings = {
  rule,
  behind: (much: string) => `${much} behind`,
  ahead: (much: string) => `${much} ahead`,
  goodToKnow: (finding: string) => `Good to know: ${finding}`,
  photos: 'photos',
};
