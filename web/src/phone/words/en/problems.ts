import { counting } from '../counting';

const many = counting('en');

/** What the server refuses, by the code of its problem: what happened, and what to do next. */
const told: Record<string, { title: string; detail: string }> = {
  name_or_password_wrong: {
    title: 'Name and password do not belong together',
    detail: 'Check both and try again. Capital letters count.',
  },
  enrolment_needed: { title: 'This phone is not enrolled yet', detail: 'Ask the office for a code and enter it here.' },
  code_wrong: {
    title: 'This code does not work',
    detail: 'Look at it again, or ask the office for a new one: a code works once, for 15 minutes.',
  },
  signed_out: { title: 'You are signed out', detail: 'Sign in again. Nothing on this phone is lost.' },
  phone_revoked: {
    title: 'The office has taken this phone off its list',
    detail: 'What you recorded is kept and still sent. Ask the office.',
  },
  unlock_wanted: {
    title: 'This phone has to be unlocked first',
    detail: 'Unlock it with your PIN, or sign in again. What is saved on it stays.',
  },
  not_your_role: { title: 'This is not part of your role', detail: 'Sign in with an account that has this role.' },
  no_such_visit: {
    title: 'This visit is not on your list',
    detail: 'Ask the office who it was given to. What you recorded stays on this phone.',
  },
  visit_expired: {
    title: 'The time to keep this visit’s data is over',
    detail: 'Nothing more can be added to it. Tell the office.',
  },
  photo_not_on_phone: {
    title: 'The picture is no longer on this phone',
    detail: 'The server does not have it either. Remove it here and take it again.',
  },
  photo_empty: { title: 'The photo is empty', detail: 'Take it again.' },
  photo_too_large: { title: 'The photo is too large for Amazon', detail: 'Take it again, smaller.' },
  photo_not_jpeg_or_png: { title: 'This is not a JPEG or PNG picture', detail: 'Take it again with the camera.' },
  photo_key_gone: { title: 'The photo is too old to be opened', detail: 'Take it again, or tell the office.' },
  photo_does_not_open: { title: 'The photo does not open; it may be damaged', detail: 'Take it again, or tell the office.' },
  photo_not_safe: { title: 'The server does not have this photo yet', detail: 'Deliver the file with it first.' },
  photo_damaged: { title: 'The picture is damaged', detail: 'Take it again.' },
  photo_too_many_pixels: { title: 'The picture has more pixels than a photo has', detail: 'Take it again, smaller.' },
  photo_envelope_unknown: {
    title: 'The photo is packed in a way the server does not know',
    detail: 'It stays on this phone. Load the app again, or tell the office.',
  },
  not_a_bundle: {
    title: 'This file is not a phone’s unsent work',
    detail: 'Choose a file that Doorstep saved, ending in .dsr.',
  },
  bundle_version_unknown: {
    title: 'This file is newer than the server',
    detail: 'Keep it and tell the office: it can be delivered after an update.',
  },
  name_too_long: { title: 'The name is too long', detail: 'Check it and try again.' },
  upload_differs: { title: 'The server has another photo here', detail: 'It stays on this phone; tell the office.' },
  receipt_differs: {
    title: 'The server has other bytes under this photo',
    detail: 'It stays on this phone; tell the office.',
  },
  sync_version_unknown: {
    title: 'This app is newer or older than the server',
    detail: 'Load the app again. What is saved on the phone stays there.',
  },
  too_large: { title: 'This is more than fits in one request', detail: 'Send less in one request.' },
  internal: {
    title: 'Something went wrong on the server',
    detail: 'Try again in a moment. What is saved on the phone stays there.',
  },
};

export const problems = {
  told,
  tooManyAttempts: 'Too many attempts',
  waitMinutes: (n: number) => many(n, { one: 'Wait # minute and try again.', other: 'Wait # minutes and try again.' }),
  noConnection: 'No connection',
  noConnectionDetail: 'The server did not answer. Try again when there is a signal.',
  didNotWork: 'That did not work',
  didNotWorkDetail: 'Try again. What is saved on this phone stays there.',
};
