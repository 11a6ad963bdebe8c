import { dirname } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { appSources, declaresMessages, literalText, partsOf } from './dashboard-texts.ts'
import { holesOf } from './message-holes.ts'
import { chosenByData, faultOf, sayingsOf } from './said-messages.ts'
import { findPlaces, nodesOf, repositoryFiles, type Source, textOf } from './sources.ts'

const APP = 'packages/dashboard/src/app'

/** Messages that are there before the page that says them. */
const AHEAD = new Set(['shell.openAlerts', 'ui.notInstalled'])

const sources = appSources()
const parts = sources.flatMap(partsOf)
const sampleOf = (code: string): Source => ({
  path: 'sample.tsx',
  tree: ts.createSourceFile('sample.tsx', code, ts.ScriptTarget.ES2023, true),
})

describe('the texts of the dashboard', () => {
  it('stand in messages, where they can be translated', () => {
    const pages = sources.filter((source) => !declaresMessages(source))
    expect(pages.length).toBeGreaterThan(50)
    expect(findPlaces(pages, literalText)).toEqual([])
  })

  it.each([
    ['<p>Reason</p>', 'Reason'],
    ['<p>Of {count} decisions</p>', 'decisions'],
    ['<p>{isBusy ? "Sending" : label}</p>', 'Sending'],
    [`<p>{count} {\`left \${time}\`}</p>`, 'left'],
    ['<Field label="Reason" />', 'Reason'],
    [`<Field label={isNew ? t("new") : \`Reason \${count}\`} />`, 'Reason'],
    ['<input aria-label={name ?? "Name"} />', 'Name'],
    ['const columns = [{ title: "Agent", cell }]', 'Agent'],
    ['announce("done" + name)', 'done'],
    ['run(() => "Rejected. It will not run.")', 'Rejected'],
    [`const text = \`Approved by \${who}\``, 'Approved by'],
  ])('are found in %s', (code, text) => {
    const found = findPlaces([sampleOf(code)], literalText)
    expect(found.join()).toContain(text)
  })

  it.each([
    '<p className="muted">{t("reason")} · {count}</p>',
    '<Field label={t("reason")} kind="primary" hint="Esc" />',
    '<input aria-label={t("name")} type="password" name="key" />',
    'const field = { label: typeof title === "string" ? title : name }',
    'throw new Error("Nobody is signed in here.")',
    '<Rows state="pending">{rows.filter((row) => row.state === "done")}</Rows>',
    'import { x } from "./Some file.ts"',
  ])('are none in %s', (code) => {
    expect(findPlaces([sampleOf(code)], literalText)).toEqual([])
  })
})

// Sides of the paper; a page that is written from the right has its start there.
const SIDES =
  /(?:margin|padding|border)-(?:left|right)\b|border-(?:top|bottom)-(?:left|right)-radius|(?:text-align|float|clear):\s*(?:left|right)\b|^\s*(?:left|right):/

describe('the styles of the dashboard', () => {
  const sidesOf = (css: string): readonly string[] => css.split('\n').filter((line) => SIDES.test(line))

  it('know start and end, and neither left nor right', () => {
    const files = repositoryFiles().filter((path) => path.startsWith(`${APP}/styles/`) && path.endsWith('.css'))
    expect(files.length).toBeGreaterThan(5)
    expect(files.flatMap((path) => sidesOf(textOf(path)).map((line) => `${path} ${line.trim()}`))).toEqual([])
  })

  it.each(['  margin-left: auto;', '  text-align: right;', '  left: 12px;', '  border-top-left-radius: 4px;'])(
    'would be found with %s',
    (line) => {
      expect(sidesOf(`.a {\n${line}\n  margin-inline: 0;\n}`)).toEqual([line])
    },
  )
})

/** Texts of the code that could be keys, by the folder of their file. */
function wordsByFolder(): ReadonlyMap<string, ReadonlySet<string>> {
  const words = new Map<string, Set<string>>()
  for (const source of sources.filter((one) => !declaresMessages(one))) {
    const folder = dirname(source.path)
    const known = words.get(folder) ?? new Set()
    words.set(folder, known)
    for (const node of nodesOf(source.tree)) if (ts.isStringLiteralLike(node)) known.add(node.text)
  }
  return words
}

describe('the messages of the dashboard', () => {
  it('are declared in files that hold nothing else', () => {
    const declaring = sources.filter(({ tree }) => /\bdefineMessages[(<]/.test(tree.text))
    expect(declaring.length).toBeGreaterThan(10)
    const strays = declaring.filter((source) => !declaresMessages(source) && !source.path.endsWith('text/messages.ts'))
    expect(strays.map(({ path }) => path)).toEqual([])
  })

  it('have one part of a name, one constant for it, and each key of it once', () => {
    const twice = (names: readonly string[]): readonly string[] =>
      names.filter((name, index) => names.indexOf(name) !== index)
    expect(twice(parts.map(({ name }) => name))).toEqual([])
    expect(twice(parts.map(({ constant }) => constant))).toEqual([])
    expect(parts.flatMap(({ messages }) => twice(messages.map(({ key }) => key)))).toEqual([])
  })

  it('are all said somewhere', () => {
    const words = wordsByFolder()
    const byData = chosenByData(sources)
    const unsaid = parts
      .filter(({ isKeyedByType, constant }) => !isKeyedByType && !byData.has(constant))
      .flatMap(({ source, constant, name, messages }) => {
        const folders = sources.filter(
          ({ path, tree }) => path !== source.path && new RegExp(`\\b${constant}\\b`).test(tree.text),
        )
        const near = [dirname(source.path), ...folders.map(({ path }) => dirname(path))]
        const isSaid = (key: string): boolean => near.some((folder) => words.get(folder)?.has(key))
        return messages.filter(({ key }) => !isSaid(key)).map(({ key }) => `${name}.${key}`)
      })
    expect(unsaid.filter((key) => !AHEAD.has(key))).toEqual([])
  })

  it('are said with all that they are filled with', () => {
    const sayings = sources.flatMap((source) => sayingsOf(source, parts))
    expect(sayings.length).toBeGreaterThan(100)
    expect(sayings.flatMap((saying) => faultOf(saying) ?? [])).toEqual([])
  })
})

describe('what a message is filled with', () => {
  it.each([
    ['Nothing', [], []],
    ['{who} is looking, {when}', ['who', 'when'], []],
    ['<b>{who}</b> did <tag>it</tag>', ['who'], ['b', 'tag']],
    [
      '{count, plural, =0 {none} one {# of {total}} other {# <b>more</b>}} at {time}',
      ['count', 'total', 'time'],
      ['b'],
    ],
    ['{verdict, select, approve {approved} other {rejected}}', ['verdict'], []],
    ['{share, number, percent} < 3', ['share'], []],
  ])('is read off "%s"', (message, values, tags) => {
    const holes = holesOf(message)
    expect([[...holes.values], [...holes.tags]]).toEqual([values, tags])
  })

  it.each([
    ["const t = useText(SAMPLE); t('who')", 'without name'],
    ["const t = useText(SAMPLE); t('bold', { b: 1 })", 'without its elements'],
    ["const t = useText(SAMPLE); t.rich('bold', {})", 'without b'],
    ["textOf(SAMPLE)('other')", 'which there is not'],
    ["const t = useText(OTHER); function f() { const t = useText(SAMPLE); return t(is ? 'plain' : 'who') }", 'name'],
  ])('is missed in %s', (code, fault) => {
    const declared = sampleOf(
      "const SAMPLE = defineMessages('sample', { who: 'I am {name}', bold: '<b>x</b>', plain: 'x' })",
    )
    const sayings = sayingsOf(sampleOf(code), partsOf(declared))
    expect(sayings.flatMap((saying) => faultOf(saying) ?? []).join()).toContain(fault)
  })
})
