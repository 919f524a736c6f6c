using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Labels;

/// <summary>Labels that are numbers.</summary>
public sealed class NumericLabelTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Labels_are_read_as_numbers()
    {
        Dataset data = DatasetReader.Read(_folder.Write("data.csv", "a,label\n1,2.5\n2,-1e3\n3,7\n"));
        Assert.Equal([2.5, -1000, 7], data.LabelsAsNumbers());
        Assert.Empty((data with { Labels = [] }).LabelsAsNumbers());
    }

    [Fact]
    public void What_is_no_number_is_named_with_its_line()
    {
        string path = _folder.Write("data.csv", "row,a,label\n1,1,high\n0,2,3\n");
        Refusal.Of(() => DatasetReader.Read(path).LabelsAsNumbers(), path, "line 2: the label 'high' is not a number", "such as 12.5");
        string labels = _folder.Write("labels.csv", "label\n1\n2;3\n");
        Dataset apart = new Dataset(new FeatureMatrix(2, 1, [1, 2]), "x.npy").WithLabels(LabelReader.Read(labels), labels);
        Refusal.Of(() => apart.LabelsAsNumbers(), labels, "row 1 (from 0): the label '2;3' is not a number");
    }

    [Fact]
    public void Check_of_numbers_says_nothing_of_classes()
    {
        string rows = string.Concat(Enumerable.Range(0, 60).Select(row => $"{row * row % 17},{row / 7.0},{row * 1.5}\n"));
        Dataset data = DatasetReader.Read(_folder.Write("data.csv", $"a,b,label\n{rows}"));
        Assert.Contains(DataCheck.Of(data).Remarks, remark => remark.Kind != RemarkKind.RowNumberColumn);
        Assert.DoesNotContain(
            DataCheck.Of(data, [], new DataCheckOptions { LabelsAreNumbers = true }).Remarks,
            remark => remark.Kind != RemarkKind.RowNumberColumn);
        Dataset missing = DatasetReader.Read(_folder.Write("missing.csv", "a,label\n1,2\n5,\n2,3\n"));
        Assert.Contains(
            DataCheck.Of(missing, [], new DataCheckOptions { LabelsAreNumbers = true }).Remarks,
            remark => remark.Kind == RemarkKind.MissingLabels);
    }
}
