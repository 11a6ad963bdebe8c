import { constants } from 'node:fs'
import { open, realpath, rename, rm, stat } from 'node:fs/promises'

/** Writes a file as a whole: whoever reads it meets what was there before, or all of the new. */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${process.pid}`
  await rm(draft, { force: true })
  const file = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode)
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
  await rename(draft, path)
}

/** Changes a file that people have: as a whole, a link stays one, and who may read it stays so. */
export async function rewriteFile(path: string, text: string, modeOfNew: number): Promise<void> {
  const target = await realpath(path).catch(() => path)
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => modeOfNew,
  )
  await replaceFile(target, text, mode)
}
