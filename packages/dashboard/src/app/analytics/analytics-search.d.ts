/** How far back an analysis looks. */
export declare const RANGES: readonly ['1d', '7d', '30d', '90d', '365d'];
/** How far back an analysis looks. */
export type Range = (typeof RANGES)[number];
/** What the address of analytics says. */
export interface AnalyticsSearch {
    /** Default: 30 days. */
    readonly range?: Range;
    /** Only what this agent did. */
    readonly agent?: string;
}
/** Parts of analytics, which are their addresses. */
export declare const VIEWS: readonly ['overview', 'approvals', 'maturity', 'supervision', 'training', 'system'];
/** A part of analytics. */
export type ViewName = (typeof VIEWS)[number];
/** Reads the address; what it cannot mean is left out. */
export declare function readAnalyticsSearch(search: Readonly<Record<string, unknown>>): AnalyticsSearch;
/** What the API is asked for; `now` is the time of the server. */
export declare function queryOf({ range, agent }: AnalyticsSearch, now: number): {
    from: string;
    agent?: string;
};
//# sourceMappingURL=analytics-search.d.ts.map