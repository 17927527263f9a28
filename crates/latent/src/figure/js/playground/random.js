// The crate's random numbers: xoshiro256++, seeded by splitmix64, so that a seed means here what it
// means in Rust. Blackman & Vigna, "Scrambled linear pseudorandom number generators", 2021.

const GOLDEN = 0x9e3779b97f4a7c15n;
const wrap = (n) => BigInt.asUintN(64, n);

// The finaliser of splitmix64.
function scramble(z) {
  z = wrap((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = wrap((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

// One seed from two numbers, as `mix` of training/noise.rs.
function mix(seed, n) {
  return scramble(wrap(BigInt(seed) + (BigInt(n) + 1n) * GOLDEN));
}

// A generator. Each 64-bit number is two halves of 32 bits, the higher one first.
function random(seed) {
  const s = new Int32Array(8);
  for (let i = 0; i < 4; i++) {
    const word = mix(seed, i);
    s[2 * i] = Number(BigInt.asIntN(32, word >> 32n));
    s[2 * i + 1] = Number(BigInt.asIntN(32, word));
  }
  const last = new Int32Array(2);

  const next = () => {
    // last = rotate(s0 + s3, 23) + s0
    let low = (s[1] >>> 0) + (s[7] >>> 0);
    let high = (s[0] + s[6] + (low > 0xffffffff ? 1 : 0)) | 0;
    low |= 0;
    const [turnedHigh, turnedLow] = [(high << 23) | (low >>> 9), (low << 23) | (high >>> 9)];
    low = (turnedLow >>> 0) + (s[1] >>> 0);
    last[0] = turnedHigh + s[0] + (low > 0xffffffff ? 1 : 0);
    last[1] = low | 0;
    const [shiftedHigh, shiftedLow] = [(s[2] << 17) | (s[3] >>> 15), s[3] << 17];
    for (let half = 0; half < 2; half++) {
      s[4 + half] ^= s[half];
      s[6 + half] ^= s[2 + half];
      s[2 + half] ^= s[4 + half];
      s[half] ^= s[6 + half];
    }
    s[4] ^= shiftedHigh;
    s[5] ^= shiftedLow;
    // s3 = rotate(s3, 45): its halves change places, then 13 more.
    [high, low] = [s[7], s[6]];
    s[6] = (high << 13) | (low >>> 19);
    s[7] = (low << 13) | (high >>> 19);
  };
  return {
    // From 0 to below 1, with the 24 bits of an f32.
    single() {
      next();
      return (last[0] >>> 8) / 2 ** 24;
    },
    // From 0 to below 1, with 52 bits.
    double() {
      next();
      return ((last[0] >>> 0) * 2 ** 20 + (last[1] >>> 12)) / 2 ** 52;
    },
    // A whole number from 0 to below n, for n up to a million.
    below(n) {
      const zone = ((n << Math.clz32(n)) - 1) >>> 0;
      for (;;) {
        next();
        const value = last[0] >>> 0;
        if (Math.imul(value, n) >>> 0 <= zone) return Math.floor((value * n) / 2 ** 32);
      }
    },
  };
}

// The numbers 0..n in an order that depends on the seed alone.
function shuffled(n, seed) {
  const rng = random(seed);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = rng.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

// Adds normal noise of a standard deviation, in pieces of 16,384 elements with a generator each.
function addNoise(values, sd, seed) {
  const PIECE = 1 << 14;
  for (let start = 0, piece = 0; start < values.length; start += PIECE, piece++) {
    const rng = random(mix(seed, piece));
    const end = Math.min(values.length, start + PIECE);
    for (let i = start; i < end; i += 2) {
      // Box and Muller's transform gives two at a time.
      const radius = Math.sqrt(-2 * Math.log(1 - rng.double()));
      const angle = 2 * Math.PI * rng.double();
      values[i] += sd * radius * Math.cos(angle);
      if (i + 1 < end) values[i + 1] += sd * radius * Math.sin(angle);
    }
  }
}
