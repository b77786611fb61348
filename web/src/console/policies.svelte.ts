// What visits are held to, as the office writes it: read when the page opens and after every change.

import { answer, explain, get, put, Refused, request } from '../api';
import type { Policies } from '../generated/Policies';
import type { PolicyPreview } from '../generated/PolicyPreview';
import type { PolicyScope } from '../generated/PolicyScope';
import type { PolicyVersion } from '../generated/PolicyVersion';
import type { PolicyWritten } from '../generated/PolicyWritten';
import type { PreviewPolicy } from '../generated/PreviewPolicy';
import type { SampleKept } from '../generated/SampleKept';
import type { ServiceTypeMark } from '../generated/ServiceTypeMark';
import type { ServiceTypes } from '../generated/ServiceTypes';
import type { WritePolicy } from '../generated/WritePolicy';

/** The versions for one kind of jobs, the newest first. */
export interface Line {
  key: string;
  scope: PolicyScope;
  versions: PolicyVersion[];
  /** What visits that start now are held to; `null` before the first one applies, and after it was taken back. */
  inForce: PolicyVersion | null;
}

export function keyOf({ marketplace, serviceType, skill }: PolicyScope): string {
  return JSON.stringify([marketplace, serviceType, skill]);
}

export class PolicyBook {
  now = $state.raw<Policies | null>(null);
  marks = $state.raw<ServiceTypeMark[]>([]);
  trouble = $state<string | null>(null);
  readonly lines = $derived(this.now ? linesOf(this.now) : []);

  constructor(private readonly signedOut: () => void) {}

  async look(): Promise<void> {
    try {
      const [now, types] = await Promise.all([
        get<Policies>('/api/policies'),
        get<ServiceTypes>('/api/policies/service-types'),
      ]);
      [this.now, this.marks, this.trouble] = [now, types.marks, null];
    } catch (cause) {
      if (cause instanceof Refused && cause.problem.status === 401) return this.signedOut();
      const { title, detail } = explain(cause);
      this.trouble = `${title}. ${detail}`;
    }
  }

  async publish(wish: WritePolicy): Promise<void> {
    await post<PolicyWritten>('/api/policies', wish);
    await this.look();
  }

  preview(wish: PreviewPolicy): Promise<PolicyPreview> {
    return post<PolicyPreview>('/api/policies/preview', wish);
  }

  async setMarks(marks: ServiceTypeMark[]): Promise<void> {
    await put('/api/policies/service-types', { marks });
    await this.look();
  }
}

/** What the server takes at once; it draws the picture smaller still. */
const MOST_SAMPLE_BYTES = 200 * 1024;
const SAMPLE_EDGE = 1280;

/** Keeps a sample picture; answers the name it has from now on. */
export async function keepSample(file: Blob): Promise<string> {
  const body = file.size > MOST_SAMPLE_BYTES ? await smaller(file) : file;
  const headers = { 'content-type': body.type || 'application/octet-stream' };
  const response = await request('/api/samples', { method: 'PUT', headers, body });
  return (await answer<SampleKept>(response)).sha256;
}

/** A camera's picture is too large to be sent. What is no picture stays as it is: the server says so. */
async function smaller(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file;
  const scale = Math.min(1, SAMPLE_EDGE / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext('2d', { alpha: false })?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  for (const quality of [0.85, 0.6]) {
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    if (blob.size <= MOST_SAMPLE_BYTES) return blob;
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.3 });
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return answer<T>(await request(path, { method: 'POST', headers, body: JSON.stringify(body) }));
}

function linesOf({ versions, serverTime }: Policies): Line[] {
  const lines = new Map<string, PolicyVersion[]>();
  for (const version of versions) {
    const key = keyOf(version.scope);
    lines.set(key, [version, ...(lines.get(key) ?? [])]);
  }
  return [...lines].flatMap(([key, versions]) => {
    const [last] = versions;
    if (!last) return [];
    const applies = versions.filter(({ appliesFrom }) => appliesFrom <= serverTime);
    applies.sort((a, b) => b.appliesFrom - a.appliesFrom || b.version - a.version);
    const inForce = applies[0]?.policy ? applies[0] : null;
    return [{ key, scope: last.scope, versions, inForce }];
  });
}
