import { type ReactNode, useActionState } from 'react'
import { problemOf } from '../data/problem.ts'
import { providerAddress, signIn } from '../data/session.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Brand } from './brand.tsx'
import { SIGN_IN } from './shell-messages.ts'

/** What became of a sign-in by the provider, as the address of the page says it. */
const FAILURES = ['refused', 'expired', 'failed', 'unknown', 'unavailable'] as const

const COMMAND = 'preceptor keys create'

/** Asks for an API key and hands it to the server, which keeps it in a cookie that no script reads; or for the provider. */
export function SignIn({
  onSignedIn,
  provider,
}: {
  readonly onSignedIn: () => void
  readonly provider: string | null
}): ReactNode {
  const t = useText(SIGN_IN)
  const [problem, submit, isBusy] = useActionState(async (_: string | null, form: FormData) => {
    try {
      await signIn(String(form.get('key') ?? '').trim())
      onSignedIn()
      return null
    } catch (error) {
      const { code, message } = problemOf(error)
      return code === 'CREDENTIAL_INVALID' ? t('keyRefused') : message
    }
  }, null)
  return (
    <main className="sign-in">
      <form action={submit} className="sign-in-box">
        <Brand />
        <h1>{t('title')}</h1>
        <p className="muted">{t('hint')}</p>
        {provider === null ? null : <ByProvider provider={provider} />}
        <label className="field">
          <span className="field-label">{t('key')}</span>
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
          {t(isBusy ? 'isBusy' : 'signIn')}
        </Button>
        <p className="muted small">{t.rich('noKey', { command: <code>{COMMAND}</code> })}</p>
      </form>
    </main>
  )
}

function ByProvider({ provider }: { readonly provider: string }): ReactNode {
  const t = useText(SIGN_IN)
  const said = new URLSearchParams(location.search).get('sign-in')
  const failure = FAILURES.find((known) => known === said)
  return (
    <>
      {failure === undefined ? null : (
        <p role="alert" className="field-problem">
          {t(failure)}
        </p>
      )}
      <a className="button button-primary" href={providerAddress()}>
        {t('byProvider', { provider })}
      </a>
    </>
  )
}
