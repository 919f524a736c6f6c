using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>What the numbers of an audit guarantee, and what they do not.</summary>
internal static class AuditGuarantee
{
    public static ReportSection Section(AuditResult result) => new("guarantee", "The guarantee", "What the numbers say", Html.Of($"""
        <dl>
        <dt>against</dt><dd>Exact: {result.AnyOthers()} leave the class suggested ahead of the label. So if the label is right, and the classifier fit to tell, more of the others are wrong.</dd>
        <dt>lead</dt><dd>An estimate, not a guarantee: the difference of two scores. A contradiction is clear where at least a tenth of the rows that are labelled with the class suggested, and not contradicted, have no larger lead. A label can be right and contradicted.</dd>
        <dt>witnesses</dt><dd>In how many smallest sets of flips that change a prediction the label is; equal ones share a place.</dd>
        <dt>gain, mean radius</dt><dd>Exact: by how much the radii of {result.Counted()} grow if the label turns out to be right, alone or with all above it. The order is the best next label each time; what the best {result.Audit.Suggestions.Count:N0} labels could gain together is not known.</dd>
        </dl>
        {Limits(result)}<p>Radii speak of labels, not of inputs, and of each prediction on its own. Nothing is said of a label that is not in the list.</p>

        """));

    private static Html Limits(AuditResult result) =>
        result.Data.Adversary.IsUnlimited ? Html.Empty : Html.Of($"<ul>\n{GuaranteeText.Limits(result.Data)}</ul>\n");
}
