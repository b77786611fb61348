import { Office } from '../office';
import { arrivedOnce, hears, serviceJob, thereAt } from './amazon';
import { expect, test } from './either';

const WATER = { id: 'water', text: 'The water is on again', texts: { de: 'Das Wasser läuft wieder' }, accepts: ['yes' as const], shownIf: null };

test('a visit is closed out in German and in the time of the job’s place, with a question that was published that day and that no begun visit is asked', async ({
  stack,
  handset,
  shots,
}) => {
  const { screen } = handset;
  await stack.addAdministrator();
  const office = await Office.of(stack, stack.administrator);
  const [begun = '', fresh = ''] = await handset.appointments();
  await handset.openJob(begun);
  await handset.tap('on_my_way');
  await handset.chip('Safe');

  await handset.go('#/sync');
  await screen.pick('select[name="language"]', 'de');
  await handset.chip('Sicher');
  expect(await screen.attributes('html', 'lang')).toEqual(['de']);
  expect(await screen.text('main h1')).not.toMatch(/sync/i);

  // Today, by the clocks where the jobs are, which are not the phone's.
  const { job } = await stack.sandbox.job(await serviceJob(stack, fresh));
  const starts = Date.parse(job.appointments?.[0]?.appointmentTime?.startTime ?? '');
  const here = await screen.evaluate((at) => new Date(at).toTimeString().slice(0, 5), starts);
  const there = thereAt(starts).time;
  expect(here, 'the phone is elsewhere').not.toBe(there);
  await handset.go('#/');
  await handset.shows('h1', /^Heute/);
  await handset.shows(`a[data-appointment="${fresh}"] .time`, new RegExp(`^${there}\\s?–\\s?\\d\\d:\\d\\d Uhr GMT-\\u2060\\d$`));
  await handset.openJob(fresh);
  await handset.shows('.where .time', new RegExp(`, ${there}\\s?–`));

  // What is asked changes in the middle of the day: where something is begun it stays as it was.
  const standard = await office.standard();
  await office.publish({ ...standard, questions: [...standard.questions, WATER] });
  const asked = `[data-ready] a[href*="answers.${WATER.id}"]`;
  await hears(handset, () => screen.count(asked), 1);
  expect(await screen.text(asked)).toContain(WATER.texts.de);
  await handset.openJob(begun);
  await handset.has('[data-ready="false"] a[href*="answers.work_done"]');
  await handset.has(asked, 0);

  await handset.openJob(fresh);
  for (const step of ['on_my_way', 'arrived', 'started'] as const) await handset.tap(step);
  await handset.answerAll();
  const photos = [await handset.take('after', shots[0]), await handset.take('detail', shots[1])];
  await handset.has('.bottom [data-step="finished"]', 0);
  await handset.shows(`[data-question="${WATER.id}"] legend`, WATER.texts.de);
  await handset.answer(WATER.id, 'yes');
  await handset.shows('.bottom [data-step="finished"]', 'Beendet');
  await handset.tap('finished');
  await handset.shows('[data-ready="true"] .verdict', 'Fertig zum Gehen');
  await handset.shows('li[data-stage="finished"] .at', /^\d?\d:\d\d( Uhr)? GMT-\u2060\d$/);
  await handset.chip('Sicher');
  await arrivedOnce(stack, handset, fresh, photos);
});
