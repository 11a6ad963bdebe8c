import { GovernanceError } from '../errors/governance-error.ts'

/**
 * Reads the address of an API: `https`, or `http` on this machine, without credentials, query or fragment. Gives it
 * without a slash at its end.
 *
 * @throws GovernanceError `OPTION_INVALID`; the message never repeats an address that holds a password.
 */
export function parseAddress(value: string | URL, options: { readonly allowPlainHttp: boolean }): string {
  const url = URL.canParse(String(value)) ? new URL(String(value)) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw invalid('it must be the http or https address at which the API is mounted, such as http://127.0.0.1:4600/api')
  }
  if (url.username !== '' || url.password !== '') throw invalid('it must hold no user name and no password')
  if (url.search !== '' || url.hash !== '') throw invalid('it must hold no query and no fragment')
  if (url.protocol === 'http:' && !options.allowPlainHttp && !isLoopback(url.hostname)) {
    throw invalid('a credential goes over https only, except to this machine; allowPlainHttp lifts that')
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

function invalid(problem: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', { message: `Option url: ${problem}.` })
}
