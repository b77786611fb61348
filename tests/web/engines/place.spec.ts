import { Office } from '../office';
import { hears } from './amazon';
import { expect, test } from './either';
import { opens } from './wish';

test.use({ start: { scenario: 'day', jobs: 2 }, settings: { DOORSTEP_INTAKE_EVERY_MS: '1000' } });

test('calling and finding the way are one tap, nobody is sent to a job in a store or online, and other jobs of an order are named', async ({
  stack,
  handset,
}) => {
  const { screen } = handset;
  const { sandbox } = stack;
  const office = await Office.of(stack);
  const jobs = (await sandbox.jobs()).map(({ job }) => job);
  const inStore = jobs.find(({ serviceLocation }) => serviceLocation?.serviceLocationType === 'IN_STORE');
  await sandbox.assign(inStore?.serviceJobId ?? '', ['TECHA1']);
  const round = (await handset.appointments()).length;
  await hears(handset, () => screen.count('a[data-appointment]'), round + 1);

  const seen = new Set<string>();
  const orders = new Map<string, string[]>();
  for (const appointment of await handset.appointments()) {
    const { serviceJobId } = await office.visit(appointment);
    const job = jobs.find((one) => one.serviceJobId === serviceJobId);
    const { serviceLocationType = '', address } = job?.serviceLocation ?? {};
    seen.add(serviceLocationType);
    orders.set(job?.serviceOrderId ?? '', [...(orders.get(job?.serviceOrderId ?? '') ?? []), appointment]);
    await handset.openJob(appointment);
    await handset.shows('.where', new RegExp(job?.buyer?.name ?? 'no buyer'));
    const links = await screen.attributes('.where .links a', 'href');
    expect(links.at(-1)).toBe(`tel:${job?.buyer?.phone.replaceAll('-', '')}`);
    if (serviceLocationType === 'IN_HOME') {
      expect(links).toHaveLength(2);
      const [way = ''] = links;
      expect(way).toMatch(/^geo:0,0\?q=\S+$/);
      for (const part of [address?.addressLine1, address?.city, address?.postalCode]) expect(decodeURIComponent(way)).toContain(part);
      await handset.has('[data-testid="place"]', 0);
      await handset.has('[data-testid="web-map"]');
    } else {
      expect(links).toHaveLength(1);
      await handset.has('[data-testid="web-map"]', 0);
      const told = { IN_STORE: 'The buyer comes to the store', ONLINE: 'By phone or video; nobody travels' }[serviceLocationType];
      await handset.shows('[data-testid="place"]', told ?? '');
    }
  }
  expect([...seen].sort()).toEqual(['IN_HOME', 'IN_STORE', 'ONLINE']);

  // Ending the last job of an order ends the order, so the others are in sight before one is completed or cancelled.
  const siblings = [...orders.values()].filter((visits) => visits.length > 1);
  expect(siblings).toHaveLength(1);
  const [first = '', second = ''] = siblings[0] ?? [];
  const { serviceJobId: other } = await office.visit(second);
  const title = jobs.find(({ serviceJobId }) => serviceJobId === other)?.scopeOfWork?.title ?? '';
  await handset.openJob(first);
  await handset.shows('[data-testid="siblings"]', new RegExp(`^1 other job of this order: ${title} \\(\\w+`));
  await opens(handset, 'cancel');
  await handset.shows('form[data-wish="cancel"] .wait', /^This order has other open jobs\. Ending the last one ends the order\.$/);
  await sandbox.cancel(other);
  await hears(handset, () => screen.count('[data-testid="siblings"]'), 0);
  await handset.has('form[data-wish="cancel"] .wait', 0);
});
