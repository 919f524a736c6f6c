using CertiFlip.Data.Tests.Support;
using CertiFlip.Heads;

namespace CertiFlip.Data.Tests.Labels;

public sealed class LabelCorrectionsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static Dataset Data { get; } = new(new FeatureMatrix(5, 1, [0, 1, 2, 3, 4]), "train.csv")
    {
        Labels = ["ham", "spam", "=1+1", "ham", "spam"],
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("row,label,correct_label\n1,spam,ham\n0,ham,ham\n4,spam,\n")]
    [InlineData("\uFEFFrow;label;suggested_label;lead;correct_label\n1;spam;ham;0,5;ham\n0;ham;;;ham\n4;spam;;;\n")]
    [InlineData("text,lead,correct_label,row,label\n\"a, b\",1,ham ,1,spam\nx,,ham,0,ham\ny,,,4,spam\n")]
    public void Labels_that_are_filled_in_are_put_right_and_verified(string content)
    {
        Dataset data = LabelCorrections.Read(_folder.Write("c.csv", content)).ApplyTo(Data);
        Assert.Equal(["ham", "ham", "=1+1", "ham", "spam"], data.Labels);
        Assert.Equal([0, 1], data.Verified!.Rows);
        Assert.Equal((1, 1), (data.Verified.Changed, data.Verified.Open));
        Assert.Same(data.Verified, data.Select([1, 2]).Verified);
    }

    [Fact]
    public void An_apostrophe_before_a_formula_is_none_of_the_labels()
    {
        string path = _folder.Write("c.csv", "row,label,correct_label\n2,'=1+1,ham\n0,ham,'=1+1\n");
        Assert.Equal(["=1+1", "spam", "ham", "ham", "spam"], LabelCorrections.Read(path).ApplyTo(Data).Labels);
    }

    [Fact]
    public void Spellings_of_one_number_are_one_label()
    {
        Dataset data = Data with { Labels = ["01", "2", "3", "2.0", "1"] };
        string path = _folder.Write("c.csv", "row,label,correct_label\n0,1,1\n3,2,3\n");
        VerifiedLabels verified = LabelCorrections.Read(path).ApplyTo(data).Verified!;
        Assert.Equal((2, 1), (verified.Rows.Count, verified.Changed));
    }

    [Fact]
    public void Corrections_may_be_applied_twice()
    {
        var corrections = LabelCorrections.Read(_folder.Write("c.csv", "row,label,correct_label\n1,spam,ham\n0,ham,\n"));
        Dataset once = corrections.ApplyTo(Data), twice = corrections.ApplyTo(once);
        Assert.Equal(once.Labels, twice.Labels);
        Assert.Equal((1, 0), (twice.Verified!.Rows.Count, twice.Verified.Changed));
    }

    [Fact]
    public void Rows_are_those_of_the_source_where_some_were_left_out()
    {
        string path = _folder.Write("c.csv", "row,label,correct_label\n4,spam,ham\n");
        Dataset data = LabelCorrections.Read(path).ApplyTo(Data.Select([0, 1, 4]));
        Assert.Equal(["ham", "spam", "ham"], data.Labels);
        Refusal.Of(() => LabelCorrections.Read(path).ApplyTo(Data.Select([1, 2])), "c.csv, line 2", "row 4 is not there");
    }

    [Fact]
    public void Rows_must_be_called_as_they_were()
    {
        string path = _folder.Write("c.csv", "row,id,label,correct_label\n1,b,spam,ham\n");
        Dataset data = Data with { Ids = ["a", "b", "c", "d", "e"] };
        Assert.Equal("ham", LabelCorrections.Read(path).ApplyTo(data).Labels[1]);
        Refusal.Of(
            () => LabelCorrections.Read(path).ApplyTo(data with { Ids = ["b", "a", "c", "d", "e"] }),
            "line 2: row 1 was called 'b' when this file was written, and is called 'a'");
    }

    [Fact]
    public void A_stated_list_takes_classes_that_do_not_occur()
    {
        string path = _folder.Write("c.csv", "row,label,correct_label\n1,spam,eggs\n");
        Refusal.Of(() => LabelCorrections.Read(path).ApplyTo(Data), "'eggs' is none of the classes", "'ham', 'spam'", "State the list");
        Assert.Equal("eggs", LabelCorrections.Read(path).ApplyTo(Data, ClassList.Of(["ham", "spam", "eggs", "=1+1"])).Labels[1]);
    }

    [Theory]
    [InlineData("row,label,correct_label\n1,spam,ham \n2,=1+1,\n", "")]
    [InlineData(
        "row,label,correct_label\n1,ham,\n2,=1+1,ham\n",
        "line 2: row 1 was labelled 'ham' when this file was written, and is labelled 'spam' in train.csv")]
    [InlineData("row,label,correct_label\n5,ham,ham\n", "line 2: row 5 is not there: train.csv has rows 0 to 4.")]
    [InlineData("row,label,correct_label\n1.5,ham,ham\n", "line 2: the row is '1.5'; expected a whole number from 0.")]
    [InlineData("row,label,correct_label\n1,spam,ham\n1,spam,ham\n", "line 3: row 1 is in line 2, too")]
    [InlineData("row,label,correct_label\n1,spam,\n2,=1+1, \n", "no correct_label is filled in")]
    [InlineData("row,label\n1,spam\n", "named 'correct_label'; expected a file that certiflip audit --corrections wrote")]
    [InlineData("row,correct_label\n1,spam\n", "named 'label'")]
    public void What_does_not_fit_the_data_is_refused_in_one_line(string content, string expected)
    {
        string path = _folder.Write("c.csv", content);
        if (expected.Length > 0)
            Refusal.Of(() => LabelCorrections.Read(path).ApplyTo(Data), path, expected);
        else
            Assert.Equal("ham", LabelCorrections.Read(path).ApplyTo(Data).Labels[1]);
    }

    [Fact]
    public void A_model_keeps_which_labels_are_verified()
    {
        string path = _folder.Write("c.csv", "row,label,correct_label\n1,spam,ham\n3,ham,ham\n4,spam,\n");
        var model = TrainedModel.Fit(LabelCorrections.Read(path).ApplyTo(Data), new RidgeHeadChoice());
        using var stream = new MemoryStream();
        TrainedModelFile.Store(model).Write(stream);
        TrainedModel later = TrainedModelFile.Restore(StoredModel.Read(_folder.Write("m", stream.ToArray())));
        Assert.Equal([1, 3], later.Training.Verified!.Rows);
        Assert.Equal((1, 1), (later.Training.Verified.Changed, later.Training.Verified.Open));
    }
}
