import { type ReactNode, useActionState } from 'react'
import { problemOf } from '../data/problem.ts'
import { signIn } from '../data/session.ts'
import { Button } from '../ui/button.tsx'
import { Brand } from './brand.tsx'

/** Asks for an API key and hands it to the server, which keeps it in a cookie that no script reads. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: () => void }): ReactNode {
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
