// Reading a QR code with the camera, where the browser can do that by itself. Typing always works.

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

const LOOK_EVERY_MS = 250;

function detectors(): DetectorClass | undefined {
  return (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
}

export async function canScan(): Promise<boolean> {
  try {
    return (await detectors()?.getSupportedFormats())?.includes('qr_code') === true && 'mediaDevices' in navigator;
  } catch {
    return false;
  }
}

/** Shows the camera in `video` until a code is seen, which it answers; `null` once `signal` ends it. */
export async function scan(video: HTMLVideoElement, signal: AbortSignal): Promise<string | null> {
  const Detectors = detectors();
  if (!Detectors) return null;
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  try {
    const detector = new Detectors({ formats: ['qr_code'] });
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const [found] = await detector.detect(video);
      if (found) return found.rawValue;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}
