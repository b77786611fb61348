import type { GiveUpReason } from '../../../generated/GiveUpReason';
import type { Parked } from '../../../generated/Parked';
import { counting, listing } from '../counting';

const many = counting('en');
const list = listing('en');

const parked: Record<Parked['kind'], string> = {
  changes: 'Steps and answers',
  record: 'A note or a place',
  photo: 'A photo',
};

const giveUp: Record<GiveUpReason, string> = {
  recorded_again: 'It was recorded again',
  brought_otherwise: 'It was brought another way',
  not_needed: 'It is not needed',
};

const things = (photos: number, answers: number) =>
  list([
    ...(photos > 0 ? [many(photos, { one: '# photo', other: '# photos' })] : []),
    ...(answers > 0 ? [many(answers, { one: '# answer', other: '# answers' })] : []),
  ]);

/** Work that waits on a phone, is refused, or is brought another way. */
export const unsent = {
  parked,
  giveUp,
  things,
  waits: (photos: number, answers: number) =>
    many(photos + answers, {
      one: `${things(photos, answers)} waits on this phone. It is sent while it is locked, as long as this page is open.`,
      other: `${things(photos, answers)} wait on this phone. They are sent while it is locked, as long as this page is open.`,
    }),
  waitsSignedOut: (photos: number, answers: number) =>
    many(photos + answers, {
      one: `${things(photos, answers)} waits on this phone. Sign in to send it.`,
      other: `${things(photos, answers)} wait on this phone. Sign in to send them.`,
    }),
  overdue:
    'Some of it has waited since the day before yesterday or longer. Go where there is a network and keep this page open, or tell the office.',
  notTaken: 'Not taken by the server',
  notTakenWhy: 'Everything else goes on. These stay on this phone.',
  because: (reason: string) => `Because ${reason}.`,
  takeOut: 'Take out to a file',
  whyGo: 'Why can it go? The office is told; then it leaves this phone for good.',
  keepIt: 'Keep it',
  letGo: 'Give it up',
  nothingGivenUp: 'Nothing was given up.',
  save: 'Save unsent work to a file',
  saveWhy:
    'For the day this phone finds no way to send. Only the server can read the file: give it to the office or to another phone.',
  nothingToSave: 'Nothing waits here that could go into a file.',
  saved: 'Saved. It stays on this phone as well, until the server has it.',
  fileNotMade: 'The file was not made. Try again.',
  fromAnotherPhone: 'Work from another phone',
  deliver: 'Deliver a phone’s unsent work',
  deliverHow: 'A file that Doorstep saved on a phone, ending in .dsr. Delivering it twice changes nothing.',
  delivering: 'Delivering',
  chooseFile: 'Choose the file',
  fromPhone: (name: string) => `From ${name}’s phone`,
  fromFile: 'From this file',
  delivered: (whose: string, what: string) => `${whose}: ${what} delivered.`,
  hereAlready: (whose: string, what: string) => `${whose}: ${what} were here already.`,
  thingsNotTaken: (n: number, reason: string) => `${many(n, { one: '# thing', other: '# things' })} not taken: ${reason}.`,
  fileCut: 'The file ends in the middle. What came before that is delivered; get the whole file for the rest.',
  fileEmpty: 'There is nothing in this file.',
  reason: {
    tooOld: 'it is too old to be opened: the key of its day is destroyed',
    damaged: 'it does not open; it may be damaged',
    appNewer: 'the app on the phone is newer than the server',
    unknownPhone: 'this server does not know the phone it is from',
    notYours: 'the visit was never this technician’s; what could be kept aside is',
    noVisit: 'the server has no such visit',
    othersVisit: 'the visit is not this technician’s',
    visitExpired: 'the time to keep this visit’s data is over',
    pictureDamaged: 'the picture is damaged',
    notAPicture: 'it is neither a JPEG nor a PNG picture',
    pictureGone: 'its picture is no longer on this phone',
    tooLong: 'it is too long',
    full: 'there is no more room in the closeout of this visit',
    incomplete: 'something recorded before it is missing',
    other: (code: string) => `the server did not take it (${code})`,
  },
};
