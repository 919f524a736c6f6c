using CertiFlip.Auditing;
using CertiFlip.Heads;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Auditing;

/// <summary>An audit in parts, each written and read, against the audit at once.</summary>
public class AuditPartsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, bool, string> Cases => new MatrixTheoryData<string, int, bool, string>(
        ["ridge", "knn:3", "kernel"], [2, 4], [true, false], ["none", "trusted", "costs"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Parts_come_to_the_audit_at_once(string head, int classes, bool isLeaveOneOut, string limits)
    {
        (Auditor auditor, FeatureMatrix training, FeatureMatrix tests, int[] truth) = Some(head, classes, limits);
        LabelAudit whole = isLeaveOneOut
            ? auditor.Audit(training, cancellationToken: Stop)
            : auditor.Audit(training, tests, truth, cancellationToken: Stop);
        foreach (int parts in (int[])[1, 2, 5])
        {
            AuditRow[] rows = Parts(auditor, training.Rows, parts, (first, count) =>
                auditor.LookAtTraining(training, first, count, isLeaveOneOut, cancellationToken: Stop));
            AuditRow[]? predictions = isLeaveOneOut ? null : Parts(auditor, tests.Rows, parts, (first, count) =>
                auditor.LookAtTests(tests, truth, first, count, cancellationToken: Stop));
            LabelAudit found = auditor.Conclude(rows, predictions, Stop);
            Assert.Equal(whole.Suggestions, found.Suggestions);
            Assert.Equal(whole with { Suggestions = [] }, found with { Suggestions = [] });
        }
    }

    /// <summary>Whatever the bytes are, a row is refused or is one; nothing else happens.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("costs")]
    public void Bytes_that_are_no_row_are_refused(string limits)
    {
        (Auditor auditor, FeatureMatrix training, _, _) = Some("ridge", 4, limits);
        byte[][] rows = [.. auditor.LookAtTraining(training, 0, 8, areAudited: true, cancellationToken: Stop).Select(BytesOf)];
        var random = new Random(3);
        for (int trial = 0; trial < 4000; trial++)
        {
            byte[] bytes = [.. rows[trial % rows.Length]];
            if (trial % 3 == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            for (int changes = random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--)
                bytes[random.Next(Math.Min(bytes.Length, 1 << random.Next(1, 12)))] = (byte)random.Next(256);
            Exception? refused = Record.Exception(() => auditor.ReadRow(new BinaryReader(new MemoryStream(bytes))));
            Assert.True(refused is null or IOException or InvalidDataException or FormatException, $"{refused}");
        }
    }

    [Fact]
    public void Rows_of_another_audit_are_refused()
    {
        (Auditor auditor, FeatureMatrix training, _, _) = Some("ridge", 2, "none");
        IReadOnlyList<AuditRow> rows = auditor.LookAtTraining(training, 0, training.Rows, areAudited: false, cancellationToken: Stop);
        Assert.Throws<ArgumentException>(() => auditor.Conclude(rows, null, Stop));
        Assert.Throws<ArgumentException>(() => auditor.Conclude([.. rows.Skip(1)], [], Stop));
        Assert.Throws<ArgumentException>(
            () => auditor.LookAtTraining(training, 1, training.Rows, areAudited: false, cancellationToken: Stop));
    }

    private static (Auditor Auditor, FeatureMatrix Training, FeatureMatrix Tests, int[] Truth) Some(string head, int classes, string limits)
    {
        (FeatureMatrix training, int[] labels) = SomeFeatures.Clouds(60, 4, classes, 5);
        (FeatureMatrix tests, int[] truth) = SomeFeatures.Clouds(17, 4, classes, 6);
        LabelFlipAdversary adversary = limits switch
        {
            "trusted" => new LabelFlipAdversary { TrustedRows = [0, 7, 9, 31] },
            "costs" => new LabelFlipAdversary { Costs = [.. Enumerable.Range(0, labels.Length).Select(row => 1 + row % 3)] },
            _ => LabelFlipAdversary.Unlimited,
        };
        labels[3] = (labels[3] + 1) % classes;
        var options = new AuditOptions
        {
            Budget = limits == "costs" ? 4 : 15,
            Adversary = adversary,
            SecondOpinion = HeadChoice.TryParse("knn:5")!.Fit(training),
        };
        return (new Auditor(HeadChoice.TryParse(head)!.Fit(training), new ClassLabels(labels, classes), options), training, tests, truth);
    }

    private static AuditRow[] Parts(Auditor auditor, int rows, int parts, Func<int, int, IReadOnlyList<AuditRow>> look) =>
    [
        .. Enumerable.Range(0, parts)
            .SelectMany(part => look(rows * part / parts, rows * (part + 1) / parts - rows * part / parts))
            .Select(row => Passed(auditor, row)),
    ];

    private static AuditRow Passed(Auditor auditor, AuditRow row)
    {
        using var stream = new MemoryStream(BytesOf(row));
        AuditRow read = auditor.ReadRow(new BinaryReader(stream));
        Assert.Equal(stream.Length, stream.Position);
        return read;
    }

    private static byte[] BytesOf(AuditRow row)
    {
        using var stream = new MemoryStream();
        row.Write(new BinaryWriter(stream));
        return stream.ToArray();
    }
}
