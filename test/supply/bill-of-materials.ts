import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import type { InstalledManifest } from './installed.ts'
import { type Lockfile, nameOf, ROOT } from './lockfile.ts'

/** What bills are made from. */
export interface BillSources {
  readonly lockfile: Lockfile
  readonly installed: ReadonlyMap<string, InstalledManifest>
}

/** What a bill is about: packages of the workspace, with all that they need where they run. */
export interface BillSubject {
  readonly name: string
  readonly version: string
  /** Folders of the workspace, such as `packages/core`. */
  readonly folders: readonly string[]
}

/** Optional builds for other machines, which are not installed on this one: under the licence of what they belong to. */
const LICENSE_OF_BUILDS: readonly (readonly [RegExp, string])[] = [[/^@msgpackr-extract\//, 'MIT']]

/** The licence of a pinned package; undefined where nobody says. */
export function licenseOf({ installed }: BillSources, key: string): string | undefined {
  const { name, version } = nameOf(key)
  const stated = installed.get(`${name}@${version}`)?.license
  return stated ?? LICENSE_OF_BUILDS.find(([pattern]) => pattern.test(name))?.[1]
}

/** The keys of everything that packages of the workspace need where they run. */
export function neededBy({ lockfile }: BillSources, folders: readonly string[]): readonly string[] {
  const [keys, waiting] = [
    new Set<string>(),
    workspaceOf(lockfile, folders).flatMap((one) => lockfile.needsOf(one).pinned),
  ]
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (keys.has(key)) continue
    keys.add(key)
    waiting.push(...lockfile.needsOfPinned(key))
  }
  return [...keys].sort()
}

function workspaceOf(lockfile: Lockfile, folders: readonly string[]): readonly string[] {
  const [found, waiting] = [new Set<string>(), [...folders]]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (found.has(folder)) continue
    found.add(folder)
    waiting.push(...lockfile.needsOf(folder).workspace)
  }
  return [...found].sort()
}

/** Writes the bill of materials of packages: CycloneDX 1.6 as JSON, the same for the same lockfile. */
export function billOfMaterials(sources: BillSources, subject: BillSubject): string {
  const bom = new Models.Bom()
  const root = new Models.Component(Enums.ComponentType.Application, subject.name, {
    ...{ version: subject.version, bomRef: `${subject.name}@${subject.version}` },
    licenses: new Models.LicenseRepository([new Models.SpdxLicense('MIT')]),
  })
  bom.metadata.component = root
  const parts = new Map<string, Models.Component>()
  for (const key of neededBy(sources, subject.folders)) parts.set(key, partOf(sources, key))
  for (const folder of workspaceOf(sources.lockfile, subject.folders)) parts.set(folder, ownPart(folder))
  for (const [key, part] of parts) {
    const isOwn = key.startsWith('packages/')
    const { pinned, workspace } = isOwn
      ? sources.lockfile.needsOf(key)
      : { pinned: sources.lockfile.needsOfPinned(key), workspace: [] }
    for (const need of [...pinned, ...workspace]) {
      const needed = parts.get(need)
      if (needed !== undefined) part.dependencies.add(needed.bomRef)
    }
    bom.components.add(part)
    if (subject.folders.includes(key)) root.dependencies.add(part.bomRef)
  }
  return new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)).serialize(bom, {
    sortLists: true,
    space: 2,
  })
}

function ownPart(folder: string): Models.Component {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
  return componentOf({ name, version, license, bomRef: folder })
}

function partOf(sources: BillSources, key: string): Models.Component {
  const { name, version } = nameOf(key)
  const pinned = sources.lockfile.packages.find(({ id }) => id === `${name}@${version}`)
  const part = componentOf({ name, version, license: licenseOf(sources, key), bomRef: key })
  const { integrity } = pinned?.resolution ?? {}
  if (typeof integrity === 'string') {
    const digest = Buffer.from(integrity.slice(integrity.indexOf('-') + 1), 'base64').toString('hex')
    part.hashes.set(Enums.HashAlgorithm['SHA-512'], digest)
  }
  return part
}

function componentOf({
  name,
  version,
  license,
  bomRef,
}: {
  readonly name: string
  readonly version: string
  readonly license: string | undefined
  readonly bomRef: string
}): Models.Component {
  const [group, bare] = name.startsWith('@') ? (name.split('/') as [string, string]) : [undefined, name]
  const purl = `pkg:npm/${group === undefined ? '' : `${encodeURIComponent(group)}/`}${bare}@${version}`
  return new Models.Component(Enums.ComponentType.Library, bare, {
    ...{ version, bomRef, purl, scope: Enums.ComponentScope.Required },
    ...(group === undefined ? {} : { group }),
    licenses: new Models.LicenseRepository(license === undefined ? [] : [licenseNamed(license)]),
  })
}

function licenseNamed(license: string): Models.License {
  return /[( ]/.test(license) ? new Models.LicenseExpression(license) : new Models.SpdxLicense(license)
}
