import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeMemoryImage } from '../packages/core/src/database/memory-image.ts'

/** Makes the database that all tests in memory begin with, once for a run. */
export async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'preceptor-image-'))
  const file = join(folder, 'image.tar')
  await writeMemoryImage(file)
  process.env.PRECEPTOR_TEST_IMAGE = file
  return () => rm(folder, { recursive: true, force: true })
}
