import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expandVariables, type VariableForm } from './expand-variables.ts'
import { parseJsonWithComments } from './parse-json-with-comments.ts'

const env = { KEY: 'k', EMPTY: '', LOOP: `\${KEY}` }
const expand = (value: unknown, forms: readonly VariableForm[]) =>
  expandVariables(value, { forms, env, home: '/h/ana', folder: '/project' })

describe('variables in the file of an assistant [MCP-22]', () => {
  it.each([
    ['shell', `Bearer \${KEY}`, 'Bearer k', []],
    ['shell', `\${NONE}`, `\${NONE}`, ['NONE']],
    ['shell', `\${NONE:-else}\${EMPTY:-x}`, 'else', []],
    ['shell', `\${env:KEY}`, `\${env:KEY}`, []],
    ['shell', `\${LOOP}`, `\${KEY}`, []],
    ['shell', `$KEY and \${}`, `$KEY and \${}`, []],
    ['editor', `\${env:KEY}\${env:NONE}`, `k\${env:NONE}`, ['NONE']],
    ['editor', `\${workspaceFolder}:\${userHome}`, '/project:/h/ana', []],
    ['editor', `\${KEY}`, `\${KEY}`, []],
  ] as const)('%s: %s', (form, text, value, missing) => {
    expect(expand({ args: [text], n: 1 }, [form])).toEqual({ value: { args: [value], n: 1 }, missing, asked: [] })
  })

  it('are told where a person is asked for them', () => {
    expect(expand(`\${input:preceptor-token}`, ['editor']).asked).toEqual(['preceptor-token'])
  })

  it('leave everything else as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes(`\${`))
        expect(expand(value, ['shell', 'editor'])).toEqual({ value, missing: [], asked: [] })
      }),
    )
  })
})

describe('JSON with comments', () => {
  it('is read', () => {
    const text = '\uFEFF// one\n{ "a": "// no /* comment */,]", /* two */ "b": [1, 2,],\n}'
    expect(parseJsonWithComments(text)).toEqual({ a: '// no /* comment */,]', b: [1, 2] })
  })

  it('is what it is without them', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 1)
        expect(parseJsonWithComments(text)).toEqual(JSON.parse(text))
        expect(parseJsonWithComments(`/* * */ ${text} // end`)).toEqual(JSON.parse(text))
      }),
    )
  })
})
