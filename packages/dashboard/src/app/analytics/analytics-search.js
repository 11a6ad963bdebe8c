/** How far back an analysis looks. */
export const RANGES = ['1d', '7d', '30d', '90d', '365d'];
/** Parts of analytics, which are their addresses. */
export const VIEWS = ['overview', 'approvals', 'maturity', 'supervision', 'training', 'system'];
const AGENT = /^[A-Za-z0-9._-]{1,128}$/;
const DAY_MS = 86_400_000;
/** Reads the address; what it cannot mean is left out. */
export function readAnalyticsSearch(search) {
    const range = RANGES.find((known) => known === search.range);
    const { agent } = search;
    return {
        ...(range === undefined || range === '30d' ? {} : { range }),
        ...(typeof agent === 'string' && AGENT.test(agent) ? { agent } : {}),
    };
}
/** Days of a range. */
const daysOf = (range) => Number.parseInt(range, 10);
/** What the API is asked for; `now` is the time of the server. */
export function queryOf({ range = '30d', agent }, now) {
    const from = new Date(now - daysOf(range) * DAY_MS).toISOString();
    return { from, ...(agent === undefined ? {} : { agent }) };
}
//# sourceMappingURL=analytics-search.js.map