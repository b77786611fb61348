import type { CorrectionReason } from '../../../generated/CorrectionReason';

const correctionReason: Record<CorrectionReason, string> = {
  forgot_to_tap: 'Forgot to tap',
  tapped_too_early: 'Tapped too early',
  phone_was_off: 'The phone was off',
  wrong_clock: 'The clock was wrong',
  other: 'Another reason',
};

/** The sheets behind a step: expected times, pauses, corrections, who is there. */
export const visit = {
  onMyWay: {
    title: 'When will you be there?',
    minutes: (from: number, to: number) => `In ${from} to ${to} min`,
    own: 'Other times',
    save: 'Save times',
    cancel: 'Not now',
    from: 'From',
    to: 'To',
    wrongOrder: 'The second time has to be later than the first.',
    said: (range: string) => `Expected ${range}`,
  },
  pause: { begin: 'Pause', end: 'Go on', since: (time: string) => `Pause since ${time}` },
  correct: {
    open: (step: string) => `Correct the time: ${step}`,
    title: (step: string) => `When was it? ${step}`,
    tapped: (time: string) => `Recorded at ${time}. That stays on record.`,
    time: 'Time',
    day: 'Day',
    why: 'Why',
    save: 'Correct the time',
    cancel: 'Leave it as it is',
    corrected: (time: string) => `Corrected; recorded at ${time}`,
    noTime: 'The clocks went forward then. There was no such time.',
    inFuture: 'This time has not come yet.',
    tooEarly: 'This is more than a week before it was recorded.',
    reason: correctionReason,
  },
  crew: {
    title: 'Who is here',
    more: 'Show all colleagues',
    me: (name: string) => `${name} (you)`,
    unlinked: 'not linked at Amazon yet',
    lead: 'With two or more, each phone records its own steps. Whoever taps Finished ends the visit for all.',
  },
};
