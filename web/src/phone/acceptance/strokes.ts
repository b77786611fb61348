// A signature as lines, in ten-thousandths of the pad's width, so that it is the same whatever the screen's size and way up.

export type Point = readonly [x: number, y: number];
export type Stroke = readonly Point[];

/** The pad is drawn in this box. */
export const WIDTH = 10_000;
export const HEIGHT = 4_000;
const PER_PIXEL = 8;
/** A point nearer than this to the one before says nothing new. */
const APART = 40;
export const LINE_WIDTH = 70;
/** Far more than any name takes; a pocket that presses for an hour is not kept. */
export const MOST_POINTS = 3000;

/** The stroke with one more point, where that tells anything. */
export function drawnOn(stroke: Stroke, point: Point): Stroke {
  const last = stroke.at(-1);
  return last && distance(last, point) < APART ? stroke : [...stroke, point];
}

/** How long the lines are, all together. A tap leaves none. */
export function ink(strokes: readonly Stroke[]): number {
  let length = 0;
  for (const stroke of strokes) {
    for (let at = 1; at < stroke.length; at++) length += distance(stroke[at - 1] as Point, stroke[at] as Point);
  }
  return Math.round(length);
}

export function points(strokes: readonly Stroke[]): number {
  return strokes.reduce((sum, stroke) => sum + stroke.length, 0);
}

function distance([fromX, fromY]: Point, [toX, toY]: Point): number {
  return Math.hypot(toX - fromX, toY - fromY);
}

/** A smooth line through the points, for a path of SVG and of a canvas alike. */
export function line(stroke: Stroke): string {
  const [first, ...rest] = stroke;
  if (!first) return '';
  const parts = [`M${first[0]} ${first[1]}`];
  rest.forEach(([x, y], at) => {
    const next = rest[at + 1];
    parts.push(next ? `Q${x} ${y} ${(x + next[0]) / 2} ${(y + next[1]) / 2}` : `L${x} ${y}`);
  });
  // A dot, such as that of an i, is a line of no length with round ends.
  return rest.length === 0 ? `${parts[0]}l0 0` : parts.join('');
}

/** Black on white, as what is sent with the photos. */
export async function picture(strokes: readonly Stroke[]): Promise<Blob> {
  const canvas = new OffscreenCanvas(WIDTH / PER_PIXEL, HEIGHT / PER_PIXEL);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('no canvas to draw on');
  context.scale(1 / PER_PIXEL, 1 / PER_PIXEL);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.lineWidth = LINE_WIDTH;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const stroke of strokes) context.stroke(new Path2D(line(stroke)));
  return canvas.convertToBlob({ type: 'image/png' });
}


/** As a record holds it: x, y, x, y and so on. */
export function flat(strokes: readonly Stroke[]): number[][] {
  return strokes.map((stroke) => stroke.flat());
}
