// The camera in the page: on after a tap, off as soon as whoever asked for it is done. Labels and photos use the same.

/** `refused`: somebody or something does not let this page have it. `none`: there is none. `busy`: it does not start. */
export type Trouble = 'refused' | 'none' | 'busy';

export class NoCamera extends Error {
  constructor(readonly why: Trouble, options?: ErrorOptions) {
    super(why, options);
  }
}

const WHY: Partial<Record<string, Trouble>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
};

/**
 * Shows in `video` what the camera at the back sees, with at least `edge` pixels on the longer edge where it has them and
 * no more than that takes, until `signal` ends it. Throws `NoCamera`.
 */
export async function openCamera(video: HTMLVideoElement, edge: number, signal: AbortSignal): Promise<MediaStreamTrack> {
  const stream = await asked(edge);
  const stop = () => stream.getTracks().forEach((one) => one.stop());
  signal.addEventListener('abort', stop, { once: true });
  const [track] = stream.getVideoTracks();
  try {
    if (!track || signal.aborted) throw new NoCamera('busy');
    video.srcObject = stream;
    await video.play();
    return track;
  } catch (cause) {
    stop();
    throw cause instanceof NoCamera ? cause : new NoCamera('busy', { cause });
  }
}

async function asked(edge: number): Promise<MediaStream> {
  const back = { facingMode: 'environment' };
  try {
    return await given({ ...back, width: { min: edge, ideal: edge } });
  } catch (cause) {
    if (!(cause instanceof NoCamera) || cause.why !== 'none') throw cause;
    // Fewer pixels than were asked for are better than no camera.
    return given({ ...back, width: { ideal: edge } });
  }
}

async function given(video: MediaTrackConstraints): Promise<MediaStream> {
  // A page that is not secure has no media devices at all.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new NoCamera('none');
  try {
    return await devices.getUserMedia({ video });
  } catch (cause) {
    throw new NoCamera((cause instanceof DOMException && WHY[cause.name]) || 'busy', { cause });
  }
}
