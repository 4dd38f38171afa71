/** What the client goes on without: it is neither listened to nor looked at. */

/**
 * @param {import("../../../protocol").VisitSnapshot | null} snapshot
 * @param {import("../../../protocol").FindingView["kind"]} kind
 */
export function waived(snapshot, kind) {
  const findings = snapshot?.check?.findings ?? [];
  return findings.some((finding) => finding.kind === kind && finding.verdict === "waived");
}
