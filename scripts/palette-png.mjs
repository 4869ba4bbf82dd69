// Makes a picture of the screen a third of its size: a PNG with a palette of 256 colours, which is all that text and
// icons on a plain ground need.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** The chunks of a PNG. */
function* chunks(png) {
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) };
    at += length + 12;
  }
}

function chunk(type, data) {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length);
  out.write(type, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** The pixels of a PNG with 8 bits a channel, as browsers write it: one number a pixel, without transparency. */
function decode(png) {
  const all = [...chunks(png)];
  const header = all[0].data;
  const [width, height, channels] = [header.readUInt32BE(0), header.readUInt32BE(4), header[9] === 6 ? 4 : 3];
  const raw = inflateSync(Buffer.concat(all.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  const stride = width * channels;
  const pixels = new Uint32Array(width * height);
  let before = Buffer.alloc(stride);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    const row = raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1));
    for (let x = 0; x < stride; x++) {
      const left = x >= channels ? row[x - channels] : 0;
      const corner = x >= channels ? before[x - channels] : 0;
      const guesses = [0, left, before[x], (left + before[x]) >> 1, paeth(left, before[x], corner)];
      row[x] += guesses[filter];
    }
    before = row;
    for (let x = 0; x < width; x++) pixels[y * width + x] = row.readUIntBE(x * channels, 3);
  }
  return { width, height, pixels };
}

const CHANNELS = [16, 8, 0];

/** The channel in which colours are farthest apart, and how far. */
function spread(colours) {
  let widest = { shift: 0, size: -1 };
  for (const shift of CHANNELS) {
    let [low, high] = [255, 0];
    for (const [colour] of colours) {
      const value = (colour >> shift) & 255;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > widest.size) widest = { shift, size: high - low };
  }
  return widest;
}

/** Splits the colours, always where they are farthest apart, until there are as many groups as a palette holds. */
function groups(counts) {
  const boxes = [{ colours: [...counts], ...spread([...counts]) }];
  while (boxes.length < 256) {
    boxes.sort((a, b) => b.size - a.size);
    const { colours, shift, size } = boxes[0];
    if (size <= 0) break;
    colours.sort(([a], [b]) => ((a >> shift) & 255) - ((b >> shift) & 255));
    const middle = (((colours[0][0] >> shift) & 255) + ((colours[colours.length - 1][0] >> shift) & 255)) / 2;
    const cut = colours.findIndex(([colour]) => ((colour >> shift) & 255) > middle);
    const halves = [colours.slice(0, cut), colours.slice(cut)];
    boxes.splice(0, 1, ...halves.map((half) => ({ colours: half, ...spread(half) })));
  }
  return boxes.map(({ colours }) => colours);
}

/** The same picture with a palette. Each group of colours becomes the one that most of its pixels have. */
export function palettePng(png) {
  const { width, height, pixels } = decode(png);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const indexes = new Map();
  const palette = groups(counts).map((colours, i) => {
    for (const [colour] of colours) indexes.set(colour, i);
    return colours.reduce((most, one) => (one[1] > most[1] ? one : most))[0];
  });
  const rows = Buffer.alloc((width + 1) * height);
  for (let i = 0; i < pixels.length; i++) rows[i + 1 + Math.floor(i / width)] = indexes.get(pixels[i]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const colours = Buffer.from(palette.flatMap((colour) => CHANNELS.map((shift) => (colour >> shift) & 255)));
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  const parts = [chunk('IHDR', header), chunk('PLTE', colours), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...parts]);
}
