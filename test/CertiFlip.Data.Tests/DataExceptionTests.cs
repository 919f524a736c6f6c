namespace CertiFlip.Data.Tests;

public sealed class DataExceptionTests
{
    [Fact]
    public void Messages_are_one_line_and_cannot_command_the_terminal() =>
        Assert.Equal("a\\u000ab\\u001b[31mc", new DataException("a\nb\u001b[31mc").Message);

    [Fact]
    public void The_cause_is_kept()
    {
        IOException cause = new("disk");
        Assert.Same(cause, new DataException("x", cause).InnerException);
    }
}
