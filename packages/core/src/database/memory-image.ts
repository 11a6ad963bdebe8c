import { writeFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'

let image: string | null = null

/**
 * Writes the archive of an embedded database that was just made. Making one takes longer than reading one by a factor of
 * four, which counts where hundreds are opened.
 */
export async function writeMemoryImage(file: string): Promise<void> {
  const engine = await PGlite.create('memory://')
  try {
    const archive = await engine.dumpDataDir('none')
    await writeFile(file, new Uint8Array(await archive.arrayBuffer()))
  } finally {
    await engine.close()
  }
}

/** Lets each database in memory that this process opens from now on begin as the archive says; null ends that. */
export function beginMemoryAt(file: string | null): void {
  image = file
}

/** The archive that databases in memory begin with. */
export function memoryImage(): string | null {
  return image
}
