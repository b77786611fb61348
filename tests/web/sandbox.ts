import { createHash } from 'node:crypto';

/** What stands under `/_sandbox/` of the stand-in for Amazon, as far as the stories look at it. */
export interface SandboxJob {
  job: {
    serviceJobId: string;
    serviceJobStatus: string;
    serviceOrderId?: string;
    scopeOfWork?: { title: string };
    buyer?: { name: string; phone: string };
    serviceLocation?: { serviceLocationType: string; address: { addressLine1: string; city: string; postalCode: string } };
    appointments?: {
      appointmentId: string;
      appointmentStatus: string;
      appointmentTime?: { startTime: string };
      assignedTechnicians?: { technicianId: string }[];
    }[];
  };
  completions: number;
}

export interface SandboxDocument {
  uploadDestinationId: string;
  key: string;
  puts: number;
  /** Of the plaintext, in hexadecimal. */
  sha256: string | null;
  flaw: string | null;
  attachedTo: { serviceJobId: string; appointmentId: string }[];
}

export interface Fulfilment {
  serviceJobId: string;
  appointmentId: string;
  times: number;
  body: {
    fulfillmentTime?: { startTime: string; endTime: string };
    estimatedArrivalTime?: { startTime: string; endTime: string };
    fulfillmentDocuments?: { uploadDestinationId: string; contentSha256: string }[];
    appointmentResources?: { resourceId: string }[];
  };
}

export interface RecordedRequest {
  operation: string | null;
  path: string;
  query: string;
  status: number | null;
  tookEffect: boolean;
  answered: boolean;
  fault: string | null;
}

export type FaultKind = 'throttle' | 'failBefore' | 'failAfter' | 'loseReply' | 'hang' | 'hangAfter';

/** Looks into Amazon's stand-in and makes things go wrong there. */
export class Sandbox {
  constructor(private readonly address: string) {}

  async jobs(): Promise<SandboxJob[]> {
    return (await this.#get<{ jobs: SandboxJob[] }>('jobs')).jobs;
  }

  async job(serviceJobId: string): Promise<SandboxJob> {
    const found = (await this.jobs()).find(({ job }) => job.serviceJobId === serviceJobId);
    if (!found) throw new Error(`the sandbox has no job ${serviceJobId}`);
    return found;
  }

  /** The documents that are attached to a job. */
  async attached(serviceJobId: string): Promise<SandboxDocument[]> {
    const { documents } = await this.#get<{ documents: SandboxDocument[] }>('documents');
    return documents.filter(({ attachedTo }) => attachedTo.some((place) => place.serviceJobId === serviceJobId));
  }

  /** A document as the sandbox decrypted it. */
  async bytes(document: SandboxDocument): Promise<Buffer> {
    const response = await fetch(`${this.address}/_sandbox/documents/${document.key}`);
    if (!response.ok) throw new Error(`document ${document.key}: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }

  async fulfilment(serviceJobId: string): Promise<Fulfilment> {
    const { job } = await this.job(serviceJobId);
    const appointment = job.appointments?.find(({ appointmentStatus }) => appointmentStatus !== 'CANCELLED');
    return this.#get<Fulfilment>(`fulfilment/${appointment?.appointmentId}`);
  }

  async requests(operation: string): Promise<RecordedRequest[]> {
    const { requests } = await this.#get<{ requests: RecordedRequest[] }>('record');
    return requests.filter((request) => request.operation === operation);
  }

  async held(): Promise<number> {
    return (await this.#get<{ held: number }>('record')).held;
  }

  async fault(operation: string, kind: FaultKind, skip = 0): Promise<void> {
    await this.#post('faults', { operation, kind, times: 1, skip });
  }

  /** The buyer cancels. */
  async cancel(serviceJobId: string): Promise<void> {
    await this.#post('changes', { kind: 'cancel', serviceJobId });
  }

  /** The buyer moves the visit. */
  async reschedule(serviceJobId: string, byMinutes: number): Promise<void> {
    await this.#post('changes', { kind: 'reschedule', serviceJobId, byMinutes });
  }

  /** Amazon gives the visit to others, or to nobody. */
  async assign(serviceJobId: string, technicianIds: string[]): Promise<void> {
    await this.#post('changes', { kind: 'assign', serviceJobId, technicianIds });
  }

  /** The active visits of a technician, by their job. */
  async jobsOf(technicianId: string): Promise<string[]> {
    const { jobs } = await this.#get<{ jobs: SandboxJob[] }>('jobs');
    const goes = ({ job }: SandboxJob): boolean =>
      (job.appointments ?? []).some(({ assignedTechnicians }) => assignedTechnicians?.some((one) => one.technicianId === technicianId));
    return jobs.filter(goes).map(({ job }) => job.serviceJobId);
  }

  /** A job is one of this marketplace and kind of service, as if it had never been another. */
  async relist(serviceJobId: string, marketplaceId: string, serviceType: string): Promise<void> {
    await this.#post('changes', { kind: 'relist', serviceJobId, marketplaceId, serviceType });
  }

  /** Lets go what hangs; answers how many there were. */
  async release(): Promise<number> {
    return ((await this.#post('release', {})) as { released: number }).released;
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.address}/_sandbox/${path}`);
    if (!response.ok) throw new Error(`/_sandbox/${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async #post(path: string, body: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.address}/_sandbox/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`/_sandbox/${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return text === '' ? {} : JSON.parse(text);
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
