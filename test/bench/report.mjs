import { readFileSync } from 'node:fs'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { reasonOf } from './reasons.mjs'
import { cellsOf, HEAD } from './table.mjs'

/** Whose versions a reader needs to judge a ratio. */
const PACKAGES = [
  ...['hono', 'langchain', '@langchain/core', '@langchain/langgraph', 'bullmq', 'graphile-worker', 'pg', 'ioredis'],
  ...['casbin', '@casl/ability', '@cedar-policy/cedar-wasm', 'json-rules-engine', 'canonicalize', 'autocannon'],
]

/**
 * Writes a run of the benchmarks as a page.
 * @param {readonly { suite: string, rows: readonly import('./table.mjs').Row[] }[]} results
 * @param {{ date: string, services: string }} run
 */
export function renderReport(results, { date, services }) {
  const gated = results.flatMap(({ rows }) => rows).filter(({ met }) => met !== null)
  const met = gated.filter((row) => row.met)
  const parts = [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- all --write`; nothing here is typed by hand. Every row is a ratio of one run: ours, and a peer or a',
    'limit, take turns on the same machine, and medians are compared. Absolute numbers are those of this machine alone.',
    '',
    `${met.length} of ${gated.length} gates are met. What is not is followed by why, and by what was tried to close it.`,
    '',
    ...headOf({ date, services }),
  ]
  for (const { suite, rows } of results) parts.push('', `## ${suite}`, '', ...tableOf(rows), ...reasonsOf(rows))
  return `${parts.join('\n')}\n`
}

function headOf({ date, services }) {
  const [processor] = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`
  const machine = `${cpus().length} cores of ${processor?.model.trim() ?? 'an unknown processor'}, ${memory}, ${platform()} ${release()} ${arch()}`
  const versions = PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(', ')
  const rows = [
    ['run', date],
    ['machine', machine],
    ['Node', process.versions.node],
    [
      'servers',
      `${services}; Postgres with fsync and full_page_writes off and 128 MB of shared buffers, unless DATABASE_URL names one`,
    ],
    ['packages', versions],
  ]
  return ['| | |', '|---|---|', ...rows.map((cells) => `| ${cells.join(' | ')} |`)]
}

function versionOf(name) {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}

function tableOf(rows) {
  const lines = [HEAD, HEAD.map(() => '---'), ...rows.map(cellsOf)]
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
}

/** What is missed for the same reason is explained once. */
function reasonsOf(rows) {
  const missed = rows.filter(({ met }) => met === false)
  const reasons = new Map()
  for (const row of missed) {
    const reason = reasonOf(row) ?? UNKNOWN
    reasons.set(reason, [...(reasons.get(reason) ?? []), row.name])
  }
  return [...reasons].flatMap(([{ why, tried }, names]) => [
    ...['', `Missed: ${names.map((name) => `**${name}**`).join('; ')}.`, '', why, ''],
    ...tried.map((attempt) => `- ${attempt}`),
  ])
}

const UNKNOWN = { why: 'This is not explained yet.', tried: [] }
