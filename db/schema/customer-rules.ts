/**
 * What legal has approved for a company's advertising to existing customers (§ 7 Abs. 3 UWG). A rule is proposed by one
 * person, counts once a second one has approved it, and until it is retired. Nothing else of it ever changes.
 */
export interface CustomerRuleTable {
  id: string;
  controller_id: string;
  /**
   * `similar_line`: who bought `line` may be offered `similar_to`, not the other way round. `account`: an account with a
   * paid offer behind it counts as a sale (CJEU C-654/23). `notice`: the words of a notice about the right to object.
   */
  kind: 'similar_line' | 'account' | 'notice';
  /** A product line; of a notice its name, as captures cite it: `notice/order@1`. */
  line: string | null;
  similar_to: string | null;
  /** Why; of a notice its words. */
  reason: string;
  proposed_by: string;
  proposed_at: string;
  approved_by: string | null;
  approved_at: string | null;
  retired_by: string | null;
  retired_at: string | null;
}
