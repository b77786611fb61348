// A photo from the camera in the page, and its light.

/** A camera that has given nothing by then is taken at its picture on the screen. */
const LIMIT_MS = 5_000;
const QUALITY = 0.95;

/** The camera's own photo, which has more pixels than what it shows; where the browser has none, what it shows. */
export async function takePhoto(video: HTMLVideoElement, track: MediaStreamTrack): Promise<Blob> {
  if ('ImageCapture' in globalThis) {
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), LIMIT_MS));
    const photo = await Promise.race([new ImageCapture(track).takePhoto().catch(() => null), late]);
    if (photo && photo.size > 0) return photo;
  }
  return frame(video);
}

async function frame(video: HTMLVideoElement): Promise<Blob> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('no canvas to draw on');
  context.drawImage(video, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}

/** Not in the types yet, and not in every browser. */
interface Lamp {
  torch?: boolean;
}

export function hasLight(track: MediaStreamTrack): boolean {
  const can = track.getCapabilities?.() as Lamp | undefined;
  return can?.torch === true;
}

/** False where the light did not follow. */
export async function setLight(track: MediaStreamTrack, on: boolean): Promise<boolean> {
  try {
    await track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
    return true;
  } catch {
    return false;
  }
}
