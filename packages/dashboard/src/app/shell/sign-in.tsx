import { type ReactNode, useActionState } from 'react'
import { problemOf } from '../data/problem.ts'
import { providerAddress, signIn } from '../data/session.ts'
import { Button } from '../ui/button.tsx'
import { Brand } from './brand.tsx'

/** What became of a sign-in by the provider, by what the address of the page says. */
const FAILURES: ReadonlyMap<string, string> = new Map([
  ['refused', 'The sign-in was cancelled.'],
  ['expired', 'That sign-in took too long, or began in another browser. Try again.'],
  ['failed', 'The answer of the sign-in service could not be verified. Try again.'],
  ['unknown', 'You are signed in there, but no member of this workspace. Ask an administrator to add you.'],
  ['unavailable', 'The sign-in service does not answer now. Try again, or use an API key.'],
])

/** Asks for an API key and hands it to the server, which keeps it in a cookie that no script reads; or for the provider. */
export function SignIn({
  onSignedIn,
  provider,
}: {
  readonly onSignedIn: () => void
  readonly provider: string | null
}): ReactNode {
  const [problem, submit, isBusy] = useActionState(async (_: string | null, form: FormData) => {
    try {
      await signIn(String(form.get('key') ?? '').trim())
      onSignedIn()
      return null
    } catch (error) {
      const { code, message } = problemOf(error)
      return code === 'CREDENTIAL_INVALID' ? 'That key is unknown, expired or revoked.' : message
    }
  }, null)
  return (
    <main className="sign-in">
      <form action={submit} className="sign-in-box">
        <Brand />
        <h1>Sign in</h1>
        <p className="muted">Your key decides what you see and what you may decide. It stays on this server.</p>
        {provider === null ? null : <ByProvider provider={provider} />}
        <label className="field">
          <span className="field-label">API key</span>
          <input
            name="key"
            type="password"
            autoComplete="current-password"
            spellCheck={false}
            required
            aria-invalid={problem !== null}
            aria-describedby={problem === null ? undefined : 'sign-in-problem'}
          />
        </label>
        {problem === null ? null : (
          <p role="alert" id="sign-in-problem" className="field-problem">
            {problem}
          </p>
        )}
        <Button kind="primary" type="submit" disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </Button>
        <p className="muted small">
          No key? An administrator makes one: <code>preceptor keys create</code>
        </p>
      </form>
    </main>
  )
}

function ByProvider({ provider }: { readonly provider: string }): ReactNode {
  const failure = FAILURES.get(new URLSearchParams(location.search).get('sign-in') ?? '')
  return (
    <>
      {failure === undefined ? null : (
        <p role="alert" className="field-problem">
          {failure}
        </p>
      )}
      <a className="button button-primary" href={providerAddress()}>
        Sign in with {provider}
      </a>
    </>
  )
}
