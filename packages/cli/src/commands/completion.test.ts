import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../commands.ts'
import { runLine } from '../run-line.test.helper.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'preceptor-completion-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const isThere = (shell: string): boolean =>
  ['/bin', '/usr/bin', '/usr/local/bin'].some((at) => existsSync(join(at, shell)))

async function scriptOf(shell: string): Promise<string> {
  const { code, printed } = await runLine(['completion', '--shell', shell])
  expect(code).toBe(0)
  const file = join(folder, `preceptor.${shell}`)
  writeFileSync(file, printed)
  return file
}

/** What bash offers after a line, as it asks for it itself: through the function that `complete` named. */
async function offered(line: string): Promise<readonly string[]> {
  const words = line.split(' ')
  const script = `
    source "$1"; shift
    COMP_LINE="$*"; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    name=$(complete -p preceptor | sed -E 's/.*-F ([^ ]+).*/\\1/')
    COMPREPLY=(); "$name" preceptor "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}"
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout } = await run('bash', ['-u', '-c', script, 'bash', await scriptOf('bash'), ...words])
  return stdout.split('\n').filter((word) => word !== '')
}

describe.skipIf(!isThere('bash'))('completion in bash [CLI-10]', () => {
  it('offers commands, then their second words, then their options', async () => {
    expect(await offered('preceptor pro')).toEqual(['proposals'])
    expect(await offered('preceptor proposals a')).toEqual(['approve'])
    expect(await offered('preceptor proposals list --st')).toEqual(['--state'])
    expect(await offered('preceptor simulate bot refund.create --ar')).toEqual(['--args'])
    expect(await offered('preceptor doctor --se')).toEqual(['--send'])
    expect(await offered('preceptor nonsense --')).toEqual([])
  })

  it('offers the values of an option that has some', async () => {
    expect(await offered('preceptor completion --shell ')).toEqual(['bash', 'zsh', 'fish'])
    expect(await offered('preceptor proposals list --state exp')).toEqual(['expired'])
    expect(await offered('preceptor alerts list --state ')).toEqual(['open', 'cleared'])
  })

  it('offers every command, and every option of it', async () => {
    const firsts = [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0] ?? ''))].sort()
    expect(await offered('preceptor ')).toEqual(firsts)
    for (const { name, flags } of COMMANDS.filter(({ name }) => /^(serve|policy|queue)/.test(name))) {
      const options = [...Object.keys(flags), 'json', 'help'].map((flag) => `--${flag}`)
      expect([name, (await offered(`preceptor ${name} --`)).toSorted()]).toEqual([name, options.sort()])
    }
  }, 60_000)
})

describe('completion in other shells [CLI-10]', () => {
  it.skipIf(!isThere('zsh'))('zsh takes the script', async () => {
    await expect(run('zsh', ['-n', await scriptOf('zsh')])).resolves.toMatchObject({ stderr: '' })
  })

  it.skipIf(!isThere('fish'))('fish takes the script', async () => {
    await expect(run('fish', ['--no-execute', await scriptOf('fish')])).resolves.toMatchObject({ stderr: '' })
  })

  it('the script for zsh is that for bash behind what makes zsh understand it', async () => {
    const [bash, zsh] = [
      await runLine(['completion', '--shell', 'bash']),
      await runLine(['completion', '--shell', 'zsh']),
    ]
    expect(zsh.printed).toMatch(/^#compdef preceptor\n/)
    expect(zsh.printed.endsWith(bash.printed)).toBe(true)
  })

  it('each line for fish is one whole command', async () => {
    const { printed } = await runLine(['completion', '--shell', 'fish'])
    const [head, ...lines] = printed.split('\n')
    expect(head).toMatch(/^# /)
    for (const line of lines) {
      expect(line).toMatch(/^complete -c preceptor -n '[^']*' (-l [a-z-]+( -x -a '[a-z_ -]+')?|-f -a [a-z-]+)$/)
    }
  })
})
