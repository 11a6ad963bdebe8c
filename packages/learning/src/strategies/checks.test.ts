import { describe, expect, it } from 'vitest'
import { createFormats } from '../formats/create-formats.ts'
import { type CheckResult, runChecks } from './checks/check.ts'
import { checksFor } from './checks-for.ts'
import { createStrategies } from './create-strategies.ts'

const strategies = createStrategies()
const formats = createFormats()

/** What each check finds in an answer. */
function check(agentType: string, answer: string, format = 'mixed'): readonly CheckResult[] {
  const checks = checksFor(strategies.strategyFor(agentType), formats.formatNamed(format))
  return runChecks(checks, { answer, format })
}

/** The score of one check; undefined where it found nothing to look at. */
function score(agentType: string, name: string, answer: string, format?: string): number | undefined {
  return check(agentType, answer, format).find((one) => one.name === name)?.score
}

const fenced = (language: string, code: string): string => `Text.\n\n\`\`\`${language}\n${code}\n\`\`\`\n`

const MIXED_CODE = `${fenced('js', 'const a = 1')}${fenced('js', 'const a = ')}`
const TICKET = `Title: The cart loses items
Priority: high
Steps:
1. Put a book into the cart.
2. Sign in.
Expected: The book is in the cart.
Actual: The cart is empty.`
const CITED = 'Sales rose by 12 % in 2024 [1].\n\n[1]: https://example.org/report'
const RUNBOOK = 'Apply it, then verify the health. Roll back with `kubectl rollout undo`.'

describe('the checks of each strategy', () => {
  it.each<[string, string, string, number | undefined]>([
    ['engineer', 'code-parses', fenced('ts', 'const a: number = await b()'), 100],
    ['engineer', 'code-parses', fenced('tsx', 'const a = <p>{b as string}</p>'), 100],
    ['engineer', 'code-parses', fenced('ts', 'const a: = 1'), 0],
    ['engineer', 'code-parses', fenced('js', 'function () {'), 0],
    ['engineer', 'code-parses', MIXED_CODE, 50],
    ['engineer', 'code-parses', fenced('json', '{"a": 1,}'), 0],
    ['engineer', 'code-parses', fenced('cobol', 'MOVE A TO'), undefined],
    ['engineer', 'code-parses', 'No code at all.', undefined],
    ['engineer', 'code-complete', fenced('js', 'run() // TODO'), 0],
    ['engineer', 'code-complete', fenced('js', 'try { run() } catch (error) {}'), 0],
    ['engineer', 'code-complete', fenced('js', 'run() // ... rest'), 0],
    ['engineer', 'code-complete', fenced('js', 'try { run(...all) } catch (error) { report(error) }'), 100],
    ['engineer', 'fences-complete', '```js\nrun()', 0],
    ['engineer', 'fences-complete', '```\nrun()\n```', 0],
    ['engineer', 'no-secrets', fenced('js', "const apiKey = 'sk-abcdefghijklmnopqrstuv'"), 0],
    ['engineer', 'no-secrets', fenced('js', 'const apiKey = process.env.API_KEY'), 100],
    ['documentation', 'headings-ordered', '# A\n\n## B\n\n### C\n\n## D', 100],
    ['documentation', 'headings-ordered', '# A\n\n### C', 50],
    ['documentation', 'headings-ordered', '# A\n\n# B', 50],
    ['documentation', 'headings-ordered', fenced('sh', '# a comment'), undefined],
    ['documentation', 'links-lead', '# First steps!\n\n[go](#first-steps) and [out](https://example.org)', 100],
    ['documentation', 'links-lead', '# First steps\n\n[go](#second-steps) and [out]()', 0],
    ['qa', 'case-complete', '1. Open it.\n2. Press it.\nExpected: It opens.', 100],
    ['qa', 'case-complete', '1. Open it.\n2. Press it.', 50],
    ['qa', 'case-complete', 'Try it out.', 0],
    ['qa', 'case-complete', fenced('ts', 'expect(a).toBe(1)'), undefined],
    ['qa', 'edges-named', 'Empty input, an invalid date, and the maximum of 100.', 100],
    ['qa', 'edges-named', 'It works.', 0],
    ['research', 'sources-cited', CITED, 100],
    ['research', 'sources-cited', 'Sales rose [1] and fell [2].\n\n[1]: https://example.org/report', 50],
    ['research', 'sources-cited', 'Everybody knows.', 50],
    ['research', 'figures-cited', CITED, 100],
    ['research', 'figures-cited', 'It is 12 % [1].\n\nAnd 40 % of all.', 50],
    ['research', 'figures-cited', 'It is more.', undefined],
    ['ops', 'code-parses', fenced('yaml', 'a: 1\nb: [1, 2]\n---\nc: 2'), 100],
    ['ops', 'code-parses', fenced('yaml', 'a: [1, 2\nb: 1'), 0],
    ['ops', 'commands-safe', fenced('sh', 'rm -rf /'), 0],
    ['ops', 'commands-safe', fenced('sh', 'rm -rf /srv/cache'), 100],
    ['ops', 'commands-safe', fenced('sh', 'curl https://example.org/install | sudo bash'), 0],
    ['ops', 'commands-safe', fenced('yaml', 'image: nginx:latest'), 0],
    ['ops', 'reversible', RUNBOOK, 100],
    ['ops', 'reversible', 'Apply it.', 0],
    ['security', 'no-known-weakness', fenced('js', 'eval(input)'), 0],
    ['security', 'no-known-weakness', fenced('js', 'pattern.exec(input)'), 100],
    ['security', 'no-known-weakness', fenced('js', `db.query(\`select * from a where id = \${id}\`)`), 0],
    ['security', 'no-known-weakness', fenced('js', "db.query('select * from a where id = $1', [id])"), 100],
    ['security', 'no-known-weakness', fenced('py', 'requests.get(url, verify=False)'), 0],
    ['security', 'no-known-weakness', fenced('py', 'subprocess.run(command, shell=True)'), 0],
    ['security', 'severity-stated', 'Severity: high. Upgrade to 2.1.', 100],
    ['security', 'severity-stated', 'Severity: high.', 50],
    ['security', 'no-secrets', 'The key is AKIAABCDEFGHIJKLMNOP.', 0],
    ['ticketing', 'ticket-complete', TICKET, 100],
    ['ticketing', 'ticket-complete', TICKET.replace('Priority: high\n', ''), 75],
    ['ticketing', 'ticket-complete', 'It does not work.', 0],
    ['ticketing', 'title-short', TICKET, 100],
    ['ticketing', 'title-short', 'word '.repeat(50), 0],
    ['version_control', 'conventional-commit', 'fix(cart): keep the items\n\nThey were lost.', 100],
    ['version_control', 'conventional-commit', 'feat!: leave out the old cart', 100],
    ['version_control', 'conventional-commit', 'Fixed the cart', 67],
    ['version_control', 'conventional-commit', 'fix: keep the items\nThey were lost.', 67],
    ['version_control', 'conventional-commit', `fix: ${'keep '.repeat(20)}`, 67],
    ['version_control', 'conventional-commit', fenced('sh', 'git log'), undefined],
    ['version_control', 'history-kept', fenced('sh', 'git push --force origin main'), 0],
    ['version_control', 'history-kept', fenced('sh', 'git push --force-with-lease'), 100],
    ['version_control', 'history-kept', fenced('sh', 'git reset --hard HEAD~1'), 0],
    ['data_engineer', 'code-parses', fenced('sql', "select a, 'it''s' from b where (c = 1);"), 100],
    ['data_engineer', 'code-parses', fenced('sql', 'select a from b where (c = 1'), 0],
    ['data_engineer', 'code-parses', fenced('sql', "select 'a from b"), 0],
    ['data_engineer', 'code-parses', fenced('sql', 'take a from b'), 0],
    ['data_engineer', 'columns-consistent', fenced('csv', 'a,b\n1,2\n3,4'), 100],
    ['data_engineer', 'columns-consistent', fenced('csv', 'a,b\n1,2\n3'), 67],
    ['data_engineer', 'columns-consistent', fenced('json', '[{"a":1,"b":2},{"b":1,"a":2}]'), 100],
    ['data_engineer', 'columns-consistent', fenced('json', '[{"a":1},{"b":2}]'), 50],
    ['data_engineer', 'columns-consistent', fenced('json', '{"a":1}'), undefined],
    ['data_engineer', 'changes-bounded', fenced('sql', 'delete from a'), 0],
    ['data_engineer', 'changes-bounded', fenced('sql', 'delete from a where b = 1'), 100],
    ['data_engineer', 'changes-bounded', fenced('sql', "update a set b = 'where'"), 0],
    ['data_engineer', 'changes-bounded', fenced('sql', '-- delete from a\nselect 1'), 100],
    ['data_engineer', 'changes-bounded', fenced('sql', 'drop table a'), 0],
    ['generic', 'says-something', 'A refund takes 14 days.', 100],
    ['generic', 'says-something', '...', 67],
    ['generic', 'says-something', 'A refund takes 14 days. A refund takes 14 days.', 67],
    ['generic', 'says-something', 'As an AI language model, I cannot know.', 67],
  ])('%s: %s of %j is %s', (agentType, name, answer, expected) => {
    expect(score(agentType, name, answer)).toBe(expected)
  })

  it('say what is wrong without repeating a secret', () => {
    const found = check('generic', 'It is AKIAABCDEFGHIJKLMNOP.')
    expect(found.find(({ name }) => name === 'no-secrets')).toMatchObject({ passed: false })
    expect(JSON.stringify(found)).not.toContain('AKIA')
  })

  it('end soon on texts that are made to hold them up', () => {
    const made = ['[', '/*', "'", '$$', '```\n', '1. a\n', '[a](', 'git push -', '<your-', '{{', '\n', 'exec(`']
    const all = strategies.agentTypes.flatMap((type) => strategies.strategyFor(type).checks)
    const unique = [...new Map(all.map((one) => [one.name, one])).values()]
    const slow: string[] = []
    for (const piece of made) {
      const text = piece.repeat(Math.floor(20_000 / piece.length))
      for (const one of unique) {
        const started = performance.now()
        runChecks([one], { answer: text, format: 'mixed' })
        if (performance.now() - started > 1_500) slow.push(`${one.name} on ${piece}`)
      }
    }
    expect(slow).toEqual([])
  }, 20_000)
})

describe('a format decides which checks apply', () => {
  const answer = 'run() // TODO'
  const names = (format: string, text = answer) => check('engineer', text, format).map(({ name }) => name)

  it('code: all of it is code that must parse, without marks of a document', () => {
    expect(names('code')).toEqual(['code-parses', 'no-secrets'])
    expect(score('engineer', 'code-parses', 'const a: number = 1', 'code')).toBe(100)
    expect(score('engineer', 'code-parses', 'Here is the code.', 'code')).toBe(0)
  })

  it('documentation: it has headings and complete blocks', () => {
    expect(score('generic', 'has-heading', '# A\n\ntext', 'documentation')).toBe(100)
    expect(score('generic', 'has-heading', 'text', 'documentation')).toBe(0)
    expect(score('generic', 'has-heading', 'text', 'mixed')).toBeUndefined()
  })

  it('analysis: it has findings and a conclusion', () => {
    expect(score('generic', 'has-conclusion', 'Findings: a\nConclusion: b', 'analysis')).toBe(100)
    expect(score('generic', 'has-conclusion', '## Findings\na', 'analysis')).toBe(50)
    expect(names('analysis', fenced('js', 'const ='))).not.toContain('code-parses')
  })

  it('conversation: it can be said', () => {
    expect(score('generic', 'reads-as-speech', 'Within 14 days.', 'conversation')).toBe(100)
    expect(score('generic', 'reads-as-speech', '# Refunds\n\nWithin 14 days.', 'conversation')).toBe(50)
    expect(names('conversation', fenced('js', 'run()'))).not.toContain('fences-complete')
  })

  it('mixed: everything of the strategy applies', () => {
    expect(names('mixed', fenced('js', 'run()'))).toEqual([
      'code-parses',
      'fences-complete',
      'code-complete',
      'no-secrets',
    ])
  })
})
