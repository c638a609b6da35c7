/** The streams are those of the oracle: the numbers here were drawn from the Rust implementation. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SplitMix64, StreamDoors } from './streams.js';

const FIRST: [entropy: string, bytes: string, floats: number[], uuid: string][] = [
  [
    '0000000000000000',
    'afcd1d7b39a820e2f465b9a16a9e786e4f450980185dc406ec814c72a8b88bf89b74a8516a89391b',
    [0.10449641143432731, 0.7428624035545229, 0.6058715976142358, 0.7667352375432283],
    'eaa27e74-0c9f-4b53-a132-451fbe9a822c',
  ],
  [
    '0123456789abcdef',
    '9daa8fa407387a1593d0a1349b5273d5becc6d992eb7902fec67464c3319d4a208809314e94c4001',
    [0.447055012079546, 0.36317657067109443, 0.5754587554102145, 0.6377821516212243],
    '724c2b2a-4c57-4c14-858c-7060105bfcb8',
  ],
  [
    'ffffffffffffffff',
    '202c651b7771d9e4c982f6db67f89fe9e98172b24cf82f38d282a9cb6cb31d6dae6980572e47a0b4',
    [0.9597909368374942, 0.12599523491425768, 0.44640115140317305, 0.5211286918105377],
    '33bb38a4-bdad-4dd3-a53f-0802f82c4ff1',
  ],
];

const hex = (bytes: number[]): string => Buffer.from(bytes).toString('hex');

test('SplitMix64 gives the published sequence', () => {
  const generator = new SplitMix64(1_234_567n);
  assert.deepEqual([generator.next(), generator.next()], [6_457_827_717_110_365_317n, 3_203_168_211_198_807_973n]);
});

for (const [entropy, bytes, floats, uuid] of FIRST) {
  test(`bytes, floats and the UUID behind them are those of the oracle for ${entropy}`, () => {
    const streams = new StreamDoors({ entropy });
    assert.equal(hex(streams.bytes(40)), bytes);
    assert.deepEqual([1, 2, 3, 4].map(() => streams.float()), floats);
    assert.equal(streams.uuid(), uuid);
  });
}

test('bytes have no gaps between draws, and floats do not disturb them', () => {
  const streams = new StreamDoors({ entropy: '0123456789abcdef' });
  const drawn = [3, 13, 0, 24].flatMap((count) => {
    streams.float();
    return streams.bytes(count);
  });
  assert.equal(hex(drawn), FIRST[1]?.[1]);
});

test('a reset puts both streams to the start', () => {
  const streams = new StreamDoors({ entropy: '0123456789abcdef' });
  const first = [streams.bytes(3), streams.float()];
  streams.reset({ entropy: '0123456789abcdef' });
  assert.deepEqual([streams.bytes(3), streams.float()], first);
});
