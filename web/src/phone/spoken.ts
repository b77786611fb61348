// A visit as its technician reads it: questions and shots in the language that is spoken, and only those that are asked.

import type { Visit } from '../generated/Visit';
import { ownWords } from '../naming';
import type { Language } from './words/languages';

export function spoken(visit: Visit, language: Language): Visit {
  const { policy } = visit.job;
  const said = <T extends { text: string }>(item: T): T => ({ ...item, text: ownWords({ language }, item) });
  const asked = <T extends { id: string; text: string }>(kind: string, items: T[]): T[] =>
    items.filter(({ id }) => !visit.hidden.includes(`${kind}.${id}`)).map(said);
  const questions = asked('answers', policy.questions);
  const shots = asked('photos', policy.shots);
  const serials = policy.serials.map(said);
  return { ...visit, job: { ...visit.job, policy: { ...policy, questions, shots, serials } } };
}
