import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type BillSubject, billOfMaterials } from './bill-of-materials.ts'
import { readInstalled } from './installed.ts'
import { ROOT, readLockfile } from './lockfile.ts'

/** What bills are written of: each published package, and all of them together. */
export function billSubjects(): readonly BillSubject[] {
  const folders = readdirSync(join(ROOT, 'packages')).sort()
  const each = folders.map((folder): BillSubject => {
    const { name, version } = JSON.parse(readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8'))
    return { name, version, folders: [`packages/${folder}`] }
  })
  const version = each[0]?.version ?? '0.0.0'
  return [...each, { name: 'preceptor', version, folders: folders.map((folder) => `packages/${folder}`) }]
}

/** Writes the bills into a folder; gives the paths. */
export function main(folder: string): readonly string[] {
  const sources = { lockfile: readLockfile(), installed: readInstalled() }
  mkdirSync(folder, { recursive: true })
  return billSubjects().map((subject) => {
    const path = resolve(folder, `${subject.name.replace('@preceptor/', 'preceptor-')}.cdx.json`)
    writeFileSync(path, `${billOfMaterials(sources, subject)}\n`)
    return path
  })
}
