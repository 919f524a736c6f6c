using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Labels;

public sealed class VoteReaderTests
{
    private static Table Wide { get; } = new(
        "train.csv",
        [
            new NumberColumn("x", [1, 2, 3, 4]),
            new TextColumn("ann", ["ham", "spam", "", "spam"]),
            new TextColumn("bob", ["spam", "spam", null, " "]),
            new TextColumn("cy", ["", "ham", "", "ham"]),
        ]);

    [Fact]
    public void The_commonest_vote_is_the_label_and_of_equally_common_ones_the_first_class()
    {
        CollectedVotes votes = VoteReader.OfColumns(Wide, ["ann", "bob", "cy"]);
        Assert.Equal(["ham", "spam", "", "ham"], votes.Labels);
        Assert.Equal((7, 3, 2, 0), (votes.Count, votes.Annotators, votes.TiedRows, votes.UnanimousRows));
        Assert.Equal(4 / 7.0, votes.Agreement());
        Assert.Equal((2 / 4.0, 2 / 3.0), (votes.Agreement(0), votes.Agreement(1)));
    }

    [Fact]
    public void A_table_of_votes_says_the_same()
    {
        var votes = new Table(
            "votes.csv",
            [
                new TextColumn("item", ["1", "0", "0", "1", "3", "3", "1", "2"]),
                new TextColumn("label", ["spam", "ham", "spam", "spam", "spam", "ham", "ham", ""]),
                new TextColumn("annotator", ["ann", "ann", "bob", "bob", "ann", "cy", "cy", "ann"]),
            ]);
        CollectedVotes read = VoteReader.OfItems(votes, 4, []), wide = VoteReader.OfColumns(Wide, ["ann", "bob", "cy"]);
        Assert.Equal(wide.Labels, read.Labels);
        Assert.Equal((wide.Count, wide.Annotators), (read.Count, read.Annotators));
    }

    [Fact]
    public void Items_may_be_ids_and_votes_numbers()
    {
        var votes = new Table(
            "votes.csv",
            [
                new TextColumn("item", ["b", "a", "b"]), new TextColumn("annotator", ["1", "1", "2"]),
                new NumberColumn("label", [1, 0, double.NaN]),
            ]);
        Assert.Equal(["0", "1", ""], VoteReader.OfItems(votes, 3, ["a", "b", "c"]).Labels);
        Refusal.Of(() => VoteReader.OfItems(votes, 3, ["a", "d", "c"]), "votes.csv, row 0", "there is no row 'b'; expected an id");
        Refusal.Of(() => VoteReader.OfItems(votes, 3, []), "there is no row 'b'; expected the number of a row, 0 to 2");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("NA")]
    [InlineData("null")]
    [InlineData("?")]
    [InlineData("-")]
    public void Words_for_nothing_are_votes_where_they_are_stated_classes_and_refused_elsewhere(string word)
    {
        var wide = new Table("t.csv", [new TextColumn("ann", ["ham", word, ""]), new TextColumn("bob", [word, word, "ham"])]);
        var list = new Table(
            "v.csv",
            [
                new TextColumn("item", ["0", "1", "0", "1", "2"]), new TextColumn("annotator", ["ann", "ann", "bob", "bob", "bob"]),
                new TextColumn("label", ["ham", word, word, word, "ham"]),
            ]);
        ClassList stated = ClassList.Of(["ham", word]);
        foreach (CollectedVotes votes in (CollectedVotes[])[
            VoteReader.OfColumns(wide, ["ann", "bob"], stated), VoteReader.OfItems(list, 3, [], stated)])
        {
            Assert.Equal((5, 1, 2), (votes.Count, votes.TiedRows, votes.UnanimousRows));
            Assert.Equal((word, "ham"), (votes.Labels[1], votes.Labels[2]));
        }

        string[] expected = [$"the vote '{word}' of 'ann' may be a class or no vote", "--classes", "empty such cells"];
        Refusal.Of(() => VoteReader.OfColumns(wide, ["ann", "bob"]), ["t.csv, row 1", .. expected]);
        Refusal.Of(() => VoteReader.OfItems(list, 3, []), ["v.csv, row 1", .. expected]);
        Refusal.Of(
            () => VoteReader.OfColumns(wide, ["ann", "bob"], ClassList.Of(["ham", "spam"])),
            "t.csv, row 1", $"'{word}' is for none of the stated", "if it is no vote, empty the cell");
    }

    [Fact]
    public void Minus_is_a_class_beside_plus()
    {
        var signs = new Table("t.csv", [new TextColumn("ann", ["+", "-", "-"]), new TextColumn("bob", ["+", "-", "+"])]);
        Assert.Equal(6, VoteReader.OfColumns(signs, ["ann", "bob"]).Count);
    }

    [Fact]
    public void One_person_does_not_count_as_two()
    {
        ArgumentException twice = Assert.Throws<ArgumentException>(() => VoteReader.OfColumns(Wide, ["ann", "bob", "ann"]));
        Assert.Contains("'ann' comes twice", twice.Message, StringComparison.Ordinal);
        foreach (string other in (string[])["Ann", "ann ", " ann", "ann.", "ann ;"])
        {
            var votes = new Table(
                "v.csv",
                [
                    new TextColumn("item", ["0", "0"]), new TextColumn("annotator", ["ann", other]),
                    new TextColumn("label", ["ham", "spam"]),
                ]);
            Refusal.Of(() => VoteReader.OfItems(votes, 1, []), "v.csv: annotators 'ann' and ", "one person must not count as two");
        }
    }

    [Fact]
    public void What_is_no_vote_is_refused_in_one_line()
    {
        Refusal.Of(() => VoteReader.OfColumns(Wide, ["ann", "dan"]), "train.csv: there is no column 'dan', but --votes names it.");
        Refusal.Of(
            () => VoteReader.OfColumns(Wide, ["ann", "bob"], ClassList.Of(["ham", "eggs"])), "row 1", "'spam' is for none of the stated");
        var empty = new Table("e.csv", [new TextColumn("ann", ["", null])]);
        Refusal.Of(() => VoteReader.OfColumns(empty, ["ann"]), "e.csv: nobody has voted.");
        Refusal.Of(() => VoteReader.OfColumns(Wide, ["bob"]), "every label is 'spam'");
        Table Votes(params string[] names) => new(
            "v.csv", [.. names.Select(name => new TextColumn(name, name == "label" ? ["ham", "spam"] : ["0", "0"]))]);
        Refusal.Of(() => VoteReader.OfItems(Votes("item", "annotator", "label"), 4, []), "v.csv, row 1", "'0' has voted on '0' before");
        Refusal.Of(() => VoteReader.OfItems(Votes("item", "label"), 4, []), "there is no column 'annotator'", "item, annotator, label");
    }
}
