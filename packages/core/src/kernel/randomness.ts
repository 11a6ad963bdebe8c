import { randomBytes } from 'node:crypto'

/** Cryptographic randomness of the runtime: the default wherever randomness can be handed in. */
export const systemRandomBytes: (size: number) => Uint8Array = (size) => randomBytes(size)
