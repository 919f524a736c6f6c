using System.Runtime.InteropServices;
using CertiFlip.Auditing;
using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Native;

/// <summary>Functions of audits.</summary>
internal static unsafe class Audits
{
    private const int DefaultBudget = 20;

    // The second opinion of the command, unless it is told another.
    private const string DefaultOpinion = "knn", NoOpinion = "none";

    [UnmanagedCallersOnly(EntryPoint = "certiflip_audit_labels")]
    private static int Audit(nint model, LentMatrix* tests, AuditArguments* options, RunOptions* run, nint* audit, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            Input.NotNull(audit, "audit");
            *audit = 0;
            TrainedModel trained = Models.Of(model);
            AuditArguments given = Input.Read(options, "certiflip_audit_options");
            FeatureMatrix training = trained.Training.Features;
            FeatureMatrix? matrix = tests is null ? null : Input.Matrix(tests, "tests");
            int[] truth = Input.Span(given.Truth, given.TruthCount, "truth").ToArray();
            if (given.Budget < 0)
                throw new CallException(Status.BadArgument, $"budget is {given.Budget}; expected 0 or more.");
            if (truth.Length > 0 && matrix is null)
                throw new CallException(Status.BadArgument, "truth has no meaning without tests.");
            if (truth.Any(c => c < 0 || c >= trained.Labels.ClassCount))
                throw new CallException(Status.BadArgument, $"True classes are numbered 0 to {trained.Labels.ClassCount - 1}.");
            string opinion = given.SecondOpinion is null ? DefaultOpinion : Input.Text(given.SecondOpinion, "second_opinion");
            HeadChoice? second = opinion == NoOpinion ? null : HeadChoice.TryParse(opinion)
                ?? throw new CallException(
                    Status.BadArgument, $"There is no head '{opinion}'; expected {HeadChoice.Forms}, or {NoOpinion}.");
            var head = trained.Head as ILeaveOneOutHead
                ?? throw new CallException(Status.BadArgument, "The head of this model cannot leave a row out.");
            *audit = Handles.Of(Call.Run(run, training.Rows + (long)(matrix ?? training).Rows, call =>
            {
                var auditor = new Auditor(head, trained.Labels, new AuditOptions
                {
                    Budget = given.Budget == 0 ? DefaultBudget : given.Budget,
                    Adversary = call.Adversary,
                    SecondOpinion = second?.Fit(training, call.Parallel),
                    Threads = call.Threads,
                });
                return matrix is null
                    ? auditor.Audit(training, call, call.Stop)
                    : auditor.Audit(training, matrix, truth, call, call.Stop);
            }));
        });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_audit_read")]
    private static int Read(nint audit, Info* info, NativeSuggestion* suggestions, long capacity, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            LabelAudit held = Handles.Get<LabelAudit>(audit, "audit");
            Span<NativeSuggestion> wanted = Input.Span(suggestions, capacity, "suggestions");
            Input.Fill(info, "certiflip_audit_info", new Info
            {
                Suggestions = held.Suggestions.Count,
                AuditedRows = held.AuditedRows,
                CountedRows = held.CountedRows,
                TotalRadius = held.TotalRadius,
                Contradicted = held.Contradicted,
                ClearlyContradicted = held.ClearlyContradicted,
            });
            for (int i = 0; i < Math.Min(wanted.Length, held.Suggestions.Count); i++)
            {
                Suggestion one = held.Suggestions[i];
                wanted[i] = new NativeSuggestion
                {
                    Row = one.Row,
                    Label = one.Label,
                    Reason = (int)one.Reason,
                    SuggestedClass = one.SuggestedClass,
                    ContradictionRadius = one.ContradictionRadius.IsAny ? int.MaxValue : one.ContradictionRadius.Budget,
                    Lead = one.Lead,
                    WitnessCount = one.WitnessCount,
                    RadiusGain = one.RadiusGain,
                    TotalRadius = one.TotalRadius,
                };
            }
        });

    /// <summary><c>certiflip_audit_options</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct AuditArguments
    {
        public nuint Size;
        public byte* SecondOpinion;
        public int Budget;
        public int Reserved;
        public int* Truth;
        public long TruthCount;
    }

    /// <summary><c>certiflip_audit_info</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Info
    {
        public nuint Size;
        public long Suggestions;
        public long AuditedRows;
        public long CountedRows;
        public long TotalRadius;
        public long Contradicted;
        public long ClearlyContradicted;
    }

    /// <summary><c>certiflip_suggestion</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NativeSuggestion
    {
        public long Row;
        public int Label;
        public int Reason;
        public int SuggestedClass;
        public int ContradictionRadius;
        public double Lead;
        public double WitnessCount;
        public long RadiusGain;
        public long TotalRadius;
    }
}
