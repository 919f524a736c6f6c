namespace CertiFlip.Tests;

public class GroupsTests
{
    [Fact]
    public void Members_are_sorted_by_group_and_ascend_within_one()
    {
        int[] groupOf = [2, 0, 2, 4, 0, 2];
        var groups = new Groups(groupOf, 6);

        Assert.Equal(6, groups.Count);
        Assert.Equal([1, 4, 0, 2, 5, 3], groups.Members.ToArray());
        for (int group = 0; group < groups.Count; group++)
        {
            Assert.Equal(Enumerable.Range(0, groupOf.Length).Where(i => groupOf[i] == group), groups[group].ToArray());
            Assert.Equal(groups[group].ToArray(), groups.Members[groups.RangeOf(group)].ToArray());
        }
    }

    [Fact]
    public void No_numbers_leave_every_group_empty() => Assert.Equal(0, new Groups([], 3)[2].Length);
}
